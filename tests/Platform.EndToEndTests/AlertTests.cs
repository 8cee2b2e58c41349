using System.Diagnostics;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>
/// Alerts fire when their cause is there: a real Prometheus with the deployed rules, whose windows, waits and counts are shortened.
/// </summary>
[Collection(PlatformWithModels.Collection)]
public sealed class AlertTests(PlatformWithModels with)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(24);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_ProviderAndServiceFail_FireAndNothingElseDoes()
    {
        Assert.SkipUnless(AlertDrill.IsPossible, "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = AlertDrill.Start(with);
        await AlertDrill.EveryProcessIsScrapedAsync(prometheus);

        await with.RecoverAsync();
        await AlertDrill.FiringAsync(prometheus, Limit, AskWithRetryAsync, "ModelRetryRateHigh");

        await with.ScriptAsync(new { otherwise = "status-500+latency-1" });
        await CommandAsync("data-questions", KnownResourceCommands.StopCommand);
        try
        {
            await AlertDrill.FiringAsync(
                prometheus, Limit, AskAsync,
                "ProviderBreakerOpen", "ProviderBreakerOpensOften", "InstanceDown", "AnswersDegraded", "PlatformErrorRateHigh", "ServiceBreakerOpensOften");
            Assert.DoesNotContain(await AlertDrill.FiringAsync(prometheus), name => name is "AuditRowsLost" or "UsageRowsLost" or "AuditChainBroken" or "InteractionsQuarantined" or "NamesStale");
        }
        finally
        {
            await CommandAsync("data-questions", KnownResourceCommands.StartCommand);
            await with.Platform.App.ResourceNotifications.WaitForResourceAsync("data-questions", KnownResourceStates.Running, Token).WaitAsync(Limit, Token);
            await with.Platform.App.ResourceNotifications.WaitForResourceHealthyAsync("data-questions", Token).WaitAsync(Limit, Token);
            await with.RecoverAsync();
        }

        await RunningPlatform.EventuallyAsync(async () => !(await AlertDrill.FiringAsync(prometheus)).Contains("InstanceDown"), Limit, "an alert ends when its cause does");
    }

    [Fact]
    public async Task Alerts_ServiceHangs_Fire()
    {
        Assert.SkipUnless(AlertDrill.IsPossible, "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = AlertDrill.Start(with);
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                await AskAsync();
                return (await prometheus.QueryAsync("platform_answer_duration_seconds_count{method=\"model\"}")).Count > 0;
            },
            LongLimit, "Prometheus knows how long answers take");

        // A service that hangs: the answer waits for it, longer than its budget's double.
        Task asked;
        long hangs = Stopwatch.GetTimestamp();
        using (ServiceProcesses.Freeze([.. ServiceProcesses.Find("Platform.ResponseGeneration.dll")]))
        {
            asked = AskAsync();
            await RunningPlatform.EventuallyAsync(() => Task.FromResult(Stopwatch.GetElapsedTime(hangs) > Hang), LongLimit, "an answer waits for longer than twice its budget");
            Assert.False(asked.IsCompleted);
        }

        await AlertDrill.FiringAsync(prometheus, LongLimit, () => asked, "ResponseSlow", "BudgetBreached");
    }

    [Fact]
    public async Task Alerts_DatabaseIsAway_Fire()
    {
        Assert.SkipUnless(AlertDrill.IsPossible, "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = AlertDrill.Start(with);
        await AlertDrill.EveryProcessIsScrapedAsync(prometheus);
        await CommandAsync("postgres", KnownResourceCommands.StopCommand);
        try
        {
            await AlertDrill.FiringAsync(prometheus, LongLimit, AskAsync, "NamesStale", "ServiceErrorRateHigh", "CacheHitRateLow");
        }
        finally
        {
            await CommandAsync("postgres", KnownResourceCommands.StartCommand);
            await with.Platform.App.ResourceNotifications.WaitForResourceAsync("postgres", KnownResourceStates.Running, Token).WaitAsync(Limit, Token);
            await with.RecoverAsync();
        }

        await RunningPlatform.EventuallyAsync(
            async () => !(await AlertDrill.FiringAsync(prometheus)).Any(name => name is "NamesStale" or "ServiceErrorRateHigh"), Limit, "alerts end when their cause does");
    }

    // One of three calls is tried again: too few fail to open the breaker at once, after which nothing would be tried at all, and the retry budget has one to spend.
    private async Task AskWithRetryAsync()
    {
        await with.ScriptAsync(new { then = new[] { new { behaviour = "status-500+latency-1", times = 1 } } });
        await AskAsync();
    }

    private async Task AskAsync()
    {
        using HttpClient http = with.Platform.CreateClient($"drill-{Guid.NewGuid():N}");
        http.Timeout = TimeSpan.FromSeconds(90);
        async Task OneAsync(string customer)
        {
            using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/chat", new { query = "What is the status of Delta Industries?" }, Token);
            using HttpResponseMessage facts = await http.GetAsync($"/api/customers/{customer}/facts", Token);
            using HttpResponseMessage patterns = await http.GetAsync($"/api/customers/{customer}/patterns", Token);
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OneAsync($"C-{Random.Shared.Next(100_000)}")));
    }

    private async Task CommandAsync(string resource, string command)
    {
        ExecuteCommandResult result = await with.Platform.App.ResourceCommands.ExecuteCommandAsync(resource, command, Token);
        Assert.True(result.Success, result.Message);
    }
}
