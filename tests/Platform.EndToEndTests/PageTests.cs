using Microsoft.Playwright;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>The chat page in a real browser. Screenshots go to the test results' folder `screenshots`.</summary>
public sealed class PageTests(RunningPlatform platform) : IAsyncLifetime
{
    private const float Patience = 20_000;

    private Chromium? chromium;

    public async ValueTask InitializeAsync() => chromium = await Chromium.LaunchAsync();

    public ValueTask DisposeAsync() => chromium?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Page_AskedForAStatus_StreamsTheAnswerWithSourcesConfidenceAndTimings()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);

        await page.Locator("#query").FillAsync("What is the status of Delta Industries?");
        await page.Keyboard.PressAsync("Enter");

        ILocator answer = page.Locator(".answer[aria-busy=false]");
        await answer.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Equal("Delta Industries", await answer.Locator(".chip").First.InnerTextAsync());
        Assert.Contains("Delta Industries", await answer.Locator(".text").InnerTextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("Confidence", await answer.Locator(".confidence").InnerTextAsync(), StringComparison.Ordinal);
        await ShootAsync(page, "status-light");
        await answer.Locator(".sources summary").First.ClickAsync();
        Assert.True(await answer.Locator(".sources li").CountAsync() > 0);
        await answer.Locator(".timings summary").ClickAsync();
        Assert.True(await answer.Locator(".bars meter").CountAsync() > 3);
        await ShootAsync(page, "sources-light");
    }

    [Fact]
    public async Task Page_AskedForADecisionInTheDark_ShowsBothSides()
    {
        IPage page = await OpenAsync(ColorScheme.Dark, 1200, 900);

        await page.GetByText("Should we extend payment terms to Delta Industries?").ClickAsync();

        ILocator answer = page.Locator(".answer[aria-busy=false]");
        await answer.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        Assert.True(await answer.Locator(".decision h3").IsVisibleAsync());
        await ShootAsync(page, "decision-dark");
    }

    [Fact]
    public async Task Page_AmbiguousName_OffersCandidatesAndTakesTheChoice()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 390, 844);

        await page.Locator("#query").FillAsync("What is the status of Delta?");
        await page.Locator("#send").ClickAsync();
        ILocator candidates = page.Locator(".candidates button");
        await candidates.First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        string chosen = (await candidates.First.InnerTextAsync()).Split('\n')[0];
        await ShootAsync(page, "choice-phone");
        await candidates.First.ClickAsync();

        ILocator answer = page.Locator(".answer[aria-busy=false]").Nth(1);
        await answer.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Contains(chosen, await answer.Locator(".text").InnerTextAsync(), StringComparison.Ordinal);
        double overflow = await page.EvaluateAsync<double>("document.documentElement.scrollWidth - innerWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} px wider than the phone.");
        await answer.Locator(".chip.alias button").ClickAsync();
        await answer.Locator(".chip.forgotten").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
    }

    [Fact]
    public async Task Page_Typing_CompletesNames()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);

        await page.Locator("#query").PressSequentiallyAsync("What is the status of Delta Ind");
        ILocator option = page.Locator("#completions [role=option]").First;
        await option.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");

        Assert.Equal("What is the status of Delta Industries", await page.Locator("#query").InputValueAsync());
    }

    [Fact]
    public async Task Page_TypingInSmallLetters_CompletesByKeyboardAndTellsAssistiveTechnology()
    {
        IPage page = await OpenAsync(ColorScheme.Dark, 1200, 900);
        ILocator query = page.Locator("#query");

        await query.PressSequentiallyAsync("how is delta in");
        await page.Locator("#completions [role=option]").First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Equal("true", await query.GetAttributeAsync("aria-expanded"));
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("completion-0", await query.GetAttributeAsync("aria-activedescendant"));
        await ShootAsync(page, "completions-dark");
        await page.Keyboard.PressAsync("Tab");

        Assert.Equal("how is Delta Industries", await query.InputValueAsync());
        Assert.Equal("false", await query.GetAttributeAsync("aria-expanded"));
    }

    [Fact]
    public async Task Page_ChoiceByKeyboard_IsRememberedShownAsChipAndForgotten()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);
        await page.Locator("#query").FillAsync("What is the balance of Delta?");
        await page.Keyboard.PressAsync("Enter");
        ILocator candidates = page.Locator(".candidates button");
        await candidates.First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        await candidates.First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        string second = (await candidates.Nth(1).InnerTextAsync()).Split('\n')[0];
        await page.Keyboard.PressAsync("2");

        ILocator answer = page.Locator(".answer[aria-busy=false]").Nth(1);
        await answer.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        ILocator chip = answer.Locator(".chip.alias");
        Assert.StartsWith(second, await chip.InnerTextAsync(), StringComparison.Ordinal);
        await ShootAsync(page, "alias-chip-light");
        await chip.Locator("button").ClickAsync();
        await answer.Locator(".chip.forgotten").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        await page.Locator("#new").ClickAsync();
        await page.Locator("#query").FillAsync("What is the balance of Delta?");
        await page.Keyboard.PressAsync("Enter");
        await candidates.First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
    }

    private async Task<IPage> OpenAsync(ColorScheme colors, int width, int height)
    {
        IBrowserContext context = await chromium!.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colors,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        IPage page = await context.NewPageAsync();
        List<string> complaints = [];
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(platform.GatewayUrl.ToString());
        await page.Locator("#status.full").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Empty(complaints);
        return page;
    }

    private static Task ShootAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(AppContext.BaseDirectory, "screenshots", name + ".png"),
    });
}
