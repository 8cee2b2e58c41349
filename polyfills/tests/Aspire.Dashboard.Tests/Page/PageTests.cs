using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Platform.Testing;
using Xunit;

namespace Aspire.Dashboard.Tests.Page;

/// <summary>The page in a real browser, light and dark, wide and narrow; any error on its console fails the test.</summary>
public sealed class PageTests(RunningDashboard dashboard) : IClassFixture<RunningDashboard>, IAsyncLifetime
{
    private const float Patience = 20_000;

    private readonly List<string> errors = [];
    private Chromium? chromium;

    public async ValueTask InitializeAsync() => chromium = await Chromium.LaunchAsync();

    public ValueTask DisposeAsync() => chromium?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Resources_AFailedOne_ShowsWhyAndHidesSecrets()
    {
        var page = await OpenAsync(ColorScheme.Light, 1200);

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "broken", Exact = true }).ClickAsync();

        var detail = await page.Locator(".detail").InnerTextAsync();
        Assert.Contains("limits.hops is -1", detail, StringComparison.Ordinal);
        Assert.Contains("••••••", detail, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop web" }).ClickAsync();
        await Platform.Testing.Eventually.HoldsAsync(() => dashboard.Board.Executed.Contains("web stop"));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Command_WithAConfirmation_IsExecutedOnlyWhenConfirmed()
    {
        var page = await OpenAsync(ColorScheme.Light, 1200);
        List<string> asked = [];
        var accept = false;
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            await (accept ? dialog.AcceptAsync() : dialog.DismissAsync());
        };
        var button = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Greet web" });

        await button.ClickAsync();
        Assert.DoesNotContain("web greet", dashboard.Board.Executed);
        accept = true;
        await button.ClickAsync();

        await Platform.Testing.Eventually.HoldsAsync(() => dashboard.Board.Executed.Contains("web greet"));
        Assert.Equal(2, asked.Count);
        Assert.Contains("Really?", asked[0], StringComparison.Ordinal);
        await page.GetByText("web: Greet – done").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Budgets_OfAProcess_AreShownBesideWhatItTook()
    {
        await using var service = WebApplication.CreateSlimBuilder().Build();
        service.Urls.Add("http://127.0.0.1:0");
        service.MapGet("/health/budgets", () => Results.Text(
            """[{"operation":"answer","budget":{"p50":3000,"p95":10000,"p99":20000},"current":{"p50":12.5,"p95":15000,"p99":41000},"samples":7,"breaches":2,"within":false}]""", "application/json"));
        await service.StartAsync(TestContext.Current.CancellationToken);
        dashboard.Board.HealthAddress = new Uri(service.Urls.Single() + "/health");
        var page = await OpenAsync(ColorScheme.Dark, 1200, "#/budgets");

        var row = page.Locator("table.budgets tbody tr");
        await row.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        Assert.Equal(["within", "over", "over twice"], await row.Locator(".state").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.title)"));
        Assert.Contains("answer", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Trace_Opened_ShowsTheWaterfallTheCriticalPathAndASpansAttributes()
    {
        dashboard.Application.Store.Traces.Add([
            Spans.Of(1, 0, 0, 900, trace: "cafe", service: "gateway", name: "POST /api/chat"),
            Spans.Of(2, 1, 160, 200, trace: "cafe", service: "memory", name: "recall"),
            Spans.Of(3, 1, 150, 850, trace: "cafe", service: "model-gateway", name: "chat large", failed: true, attributes: [("gen_ai.request.model", "large"), ("gen_ai.usage.input_tokens", "812")])]);
        var page = await OpenAsync(ColorScheme.Dark, 1200, "#/traces?text=large");

        await page.Locator("td.message a").ClickAsync();
        await page.Locator(".span-row").First.WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        Assert.Equal(3, await page.Locator(".span-row").CountAsync());
        Assert.Equal(2, await page.Locator(".bar.critical").CountAsync());
        await page.Locator(".span-row").Nth(1).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Contains("812", await page.Locator(".detail").InnerTextAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Tab");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Metrics_Histogram_IsDrawnWithItsPercentiles()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        dashboard.Application.Store.Metrics.Write(writer =>
        {
            var series = writer.Open(new InstrumentDescription(new InstrumentKey("web", "Tests", "wait"), InstrumentKind.Histogram, "s", "Waiting time"), [], "1", now)!;
            series.Add(new MetricPoint(now - 60_000_000_000, 0, 0, [0, 0, 0]), [0.1, 1]);
            series.Add(new MetricPoint(now - 1_000_000_000, 100, 20, [50, 49, 1]), [0.1, 1]);
        });
        var page = await OpenAsync(ColorScheme.Light, 1200, "#/metrics/web?scope=Tests&name=wait");

        await page.Locator(".plot canvas").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        var values = await page.Locator(".values").InnerTextAsync();
        Assert.Contains("p50", values, StringComparison.Ordinal);
        Assert.Contains("100 ms", values, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("#/resources")]
    [InlineData("#/console/web")]
    [InlineData("#/logs")]
    [InlineData("#/traces")]
    [InlineData("#/metrics")]
    [InlineData("#/health")]
    public async Task Page_OnAPhone_FitsItsWidth(string address)
    {
        var page = await OpenAsync(ColorScheme.Dark, 390, address);

        await page.Locator("main h1").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });

        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Keys_DigitsAndSlash_MoveAround()
    {
        var page = await OpenAsync(ColorScheme.Light, 1200);

        await page.Keyboard.PressAsync("3");
        await page.WaitForURLAsync("**/#/logs", new PageWaitForURLOptions { Timeout = Patience });
        await page.Locator(".search").WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
        await page.Keyboard.PressAsync("/");

        Assert.True(await page.Locator(".search").EvaluateAsync<bool>("field => field === document.activeElement"));
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme, int width, string address = "")
    {
        var context = await chromium!.Browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 800 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add($"{message.Text} {message.Location}");
            }
        };
        await page.GotoAsync(dashboard.Application.LoginUrl);
        await page.Locator("main h1").WaitForAsync();
        await page.GotoAsync($"{dashboard.Page}{address}");
        await page.Locator("main h1").WaitForAsync();
        return page;
    }
}
