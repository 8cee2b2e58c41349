using Microsoft.Playwright;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>The chat page in a real browser. Screenshots go to the test results' folder `screenshots`.</summary>
public sealed class PageTests(RunningPlatform platform) : IAsyncLifetime
{
    private const float Patience = 20_000;

    private static readonly LocatorWaitForOptions Wait = new() { Timeout = Patience };

    private readonly List<string> complaints = [];
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
        await answer.Locator(".timings summary").ClickAsync();
        Assert.True(await answer.Locator(".bars meter").CountAsync() > 3);

        // A reference in the text opens its source, a source the rows behind it.
        await answer.Locator(".text .reference").First.ClickAsync();
        ILocator rows = answer.Locator(".sources li:focus table tbody tr");
        await rows.First.WaitForAsync(Wait);
        Assert.Contains("CUS-00001", await rows.First.InnerTextAsync(), StringComparison.Ordinal);
        await ShootAsync(page, "sources-light");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_AskedForPatterns_DrawsTheirSeries()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);

        ILocator answer = await AskAsync(page, "What patterns do you see with Delta Industries?");

        await answer.Locator(".chart canvas").Nth(1).WaitForAsync(Wait);
        Assert.Contains("Delta Industries", await answer.Locator(".chart [role=img]").First.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await ShootAsync(page, "charts-light");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_AnswerJudgedAndExplained_KeepsTheJudgementAndShowsTheRecord()
    {
        IPage page = await OpenAsync(ColorScheme.Dark, 1200, 900);
        ILocator answer = await AskAsync(page, "What is the status of Delta Industries?");

        await answer.GetByRole(AriaRole.Button, new() { Name = "Not useful" }).ClickAsync();
        await answer.GetByLabel("What was wrong?", new() { Exact = true }).Last.FillAsync("the credit limit is old");
        await page.Keyboard.PressAsync("Enter");
        await answer.Locator(".why").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden, Timeout = Patience });
        await answer.Locator(".timings summary").ClickAsync();
        await answer.GetByRole(AriaRole.Button, new() { Name = "How it came about" }).ClickAsync();
        ILocator record = page.Locator("#record");
        await record.GetByText("quality gates").First.WaitForAsync(Wait);
        Assert.Contains("the credit limit is old", await record.Locator("pre").TextContentAsync(), StringComparison.Ordinal);
        await record.GetByRole(AriaRole.Button, new() { Name = "Ask again and compare" }).ClickAsync();
        await record.Locator(".replay p").WaitForAsync(Wait);
        await ShootAsync(page, "record-dark");
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await record.IsVisibleAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_History_ReopensExportsAndDeletesByKeyboard()
    {
        string title = $"How is Delta Industries, {Guid.NewGuid():N}?";
        IPage page = await OpenAsync(ColorScheme.Light, 360, 780);
        ILocator answer = await AskAsync(page, title);
        string said = await answer.Locator(".text").InnerTextAsync();
        await page.Locator("#new").ClickAsync();
        Assert.Equal(0, await page.Locator(".answer").CountAsync());

        ILocator entry = page.Locator("#history li").Filter(new() { HasText = title });
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                await page.Keyboard.PressAsync("Escape");
                await page.Locator("#history-open").FocusAsync();
                await page.Keyboard.PressAsync("Enter");
                await page.Locator("#history li").First.WaitForAsync(Wait);
                return await entry.CountAsync() == 1;
            },
            TimeSpan.FromSeconds(15),
            "the conversation is listed");
        await ShootAsync(page, "history-phone");
        IDownload file = await page.RunAndWaitForDownloadAsync(() => entry.GetByRole(AriaRole.Button, new() { Name = "as Markdown" }).ClickAsync());
        Assert.Contains(title, await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await entry.Locator(".title").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator reopened = page.Locator(".answer[aria-busy=false] .sources").First;
        await reopened.WaitForAsync(Wait);
        Assert.Equal(said, await page.Locator(".answer .text").First.InnerTextAsync());

        await page.Locator("#history-open").ClickAsync();
        ILocator delete = entry.GetByRole(AriaRole.Button, new() { Name = "Delete" });
        await delete.ClickAsync();
        await delete.ClickAsync();
        await entry.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached, Timeout = Patience });
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1200)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Page_WithADecision_IsReadableLabelledAndAsWideAsTheScreen(ColorScheme colors, int width)
    {
        IPage page = await OpenAsync(colors, width, 780);
        ILocator answer = await AskAsync(page, "Should we extend payment terms to Delta Industries?");
        await page.EvaluateAsync("document.querySelectorAll('.answer details').forEach(part => part.open = true)");
        await answer.Locator(".rows table").First.WaitForAsync(Wait);

        double overflow = await page.EvaluateAsync<double>("document.documentElement.scrollWidth - innerWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} px wider than the screen.");
        Assert.Empty(await page.EvaluateAsync<string[]>(PageChecks.Unlabelled));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageChecks.LowContrast));
        await answer.Locator(".decision").ScrollIntoViewIfNeededAsync();
        await ShootAsync(page, $"decision-{colors.ToString().ToLowerInvariant()}-{width}");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_EscapeWhileAnswering_StopsAndTheNextQuestionIsAnswered()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);
        TaskCompletionSource hold = new();
        await page.RouteAsync("**/api/chat/stream*", async route =>
        {
            await hold.Task;
            await route.AbortAsync();
        });
        await page.Locator("#query").FillAsync("What is the status of Delta Industries?");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#stop").WaitForAsync(Wait);

        await page.Keyboard.PressAsync("Escape");

        await page.Locator(".answer[aria-busy=false] [role=alert]").GetByText("Stopped").WaitForAsync(Wait);
        Assert.Equal("query", await page.EvaluateAsync<string>("document.activeElement.id"));
        hold.SetResult();
        await page.UnrouteAsync("**/api/chat/stream*");
        await page.Locator("#query").FillAsync("What is the status of Delta Industries?");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".answer[aria-busy=false] .sources").Last.WaitForAsync(Wait);
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
    public async Task Page_LettersTypedSinceTheNamesCame_GoWithTheChoice()
    {
        IPage page = await OpenAsync(ColorScheme.Light, 1200, 900);
        ILocator query = page.Locator("#query");
        await query.PressSequentiallyAsync("Status of Delta Ind");
        await page.Locator("#completions [role=option]").First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        // Without an input event the names stay those of fewer letters.
        await query.EvaluateAsync("input => input.setRangeText('ustr', input.selectionStart, input.selectionEnd, 'end')");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");

        Assert.Equal("Status of Delta Industries", await query.InputValueAsync());
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
        page.PageError += (_, error) => complaints.Add(error);
        // Also what the page's policy refuses.
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        await page.GotoAsync(platform.GatewayUrl.ToString());
        await page.Locator("#status.full").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Empty(complaints);
        return page;
    }

    private static async Task<ILocator> AskAsync(IPage page, string question)
    {
        await page.Locator("#query").FillAsync(question);
        await page.Keyboard.PressAsync("Enter");
        ILocator answer = page.Locator(".answer[aria-busy=false]");
        await answer.WaitForAsync(Wait);
        return answer;
    }

    private static Task ShootAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(AppContext.BaseDirectory, "screenshots", name + ".png"),
    });
}
