using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>
/// Alerts fire when their cause is there: a real Prometheus with the deployed rules, whose windows, waits and counts are shortened.
/// <c>PLATFORM_ALERT_DRILL=1</c> also causes those that take minutes.
/// </summary>
[Collection(PlatformWithModels.Collection)]
public sealed partial class AlertTests(PlatformWithModels with)
{
    private const string Program = "/usr/bin/prometheus";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_ProviderAndServiceFail_FireAndNothingElseDoes()
    {
        Assert.SkipUnless(File.Exists(Program), "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = PrometheusProcess.Start(Program, PrometheusTests.Deploy, with.Platform.GatewayUrl, Shortened);
        await RunningPlatform.EventuallyAsync(async () => (await prometheus.QueryAsync("up == 1")).Count == 8, Limit, "every process is scraped");

        await with.ScriptAsync(new { otherwise = "status-500+latency-1" });
        await CommandAsync("data-questions", KnownResourceCommands.StopCommand);
        try
        {
            await FiringAsync(
                prometheus, Limit, AskAsync,
                "ProviderBreakerOpen", "ProviderBreakerOpensOften", "ModelRetryRateHigh", "InstanceDown", "AnswersDegraded", "PlatformErrorRateHigh");
            Assert.DoesNotContain(await FiringAsync(prometheus), name => name is "AuditRowsLost" or "UsageRowsLost" or "SpendBudgetRefuses" or "NamesStale");
        }
        finally
        {
            await CommandAsync("data-questions", KnownResourceCommands.StartCommand);
            await with.Platform.App.ResourceNotifications.WaitForResourceAsync("data-questions", KnownResourceStates.Running, Token).WaitAsync(Limit, Token);
            await with.Platform.App.ResourceNotifications.WaitForResourceHealthyAsync("data-questions", Token).WaitAsync(Limit, Token);
            await with.RecoverAsync();
        }

        await RunningPlatform.EventuallyAsync(async () => !(await FiringAsync(prometheus)).Contains("InstanceDown"), Limit, "an alert ends when its cause does");
    }

    [Fact]
    public async Task Alerts_ServiceHangsAndDatabaseIsAway_Fire()
    {
        Assert.SkipUnless(File.Exists(Program) && Environment.GetEnvironmentVariable("PLATFORM_ALERT_DRILL") == "1", "Takes minutes: set PLATFORM_ALERT_DRILL=1.");
        using PrometheusProcess prometheus = PrometheusProcess.Start(Program, PrometheusTests.Deploy, with.Platform.GatewayUrl, Shortened);
        await PoisonAsync();
        // A service that hangs: the answer waits for it, longer than its budget's double.
        long hangs = Stopwatch.GetTimestamp();
        using (ServiceProcesses.Freeze([.. ServiceProcesses.Find("Platform.ResponseGeneration.dll")]))
        {
            Task asked = AskAsync();
            await RunningPlatform.EventuallyAsync(() => Task.FromResult(Stopwatch.GetElapsedTime(hangs) > TimeSpan.FromSeconds(24)), LongLimit, "an answer waits for longer than twice its budget");
            Assert.False(asked.IsCompleted);
        }

        await FiringAsync(prometheus, LongLimit, AskAsync, "ResponseSlow", "BudgetBreached", "InteractionsQuarantined");

        await CommandAsync("postgres", KnownResourceCommands.StopCommand);
        try
        {
            await FiringAsync(prometheus, LongLimit, AskAsync, "InteractionQueueLag", "NamesStale", "ServiceErrorRateHigh", "CacheHitRateLow");
        }
        finally
        {
            await CommandAsync("postgres", KnownResourceCommands.StartCommand);
        }
    }

    // The same expressions; what differs is only how long and how much it takes.
    private static string Shortened(string rules)
    {
        rules = Window().Replace(rules, "[10s]");
        rules = Wait().Replace(rules, "for: 0s");
        return Counts().Replace(rules, match => match.Groups[1].Value + match.Groups[2].Value switch { "60" => " > 3", "300" => " > 20", _ => " > 0" });
    }

    private async Task FiringAsync(PrometheusProcess prometheus, TimeSpan limit, Func<Task> cause, params string[] alerts)
    {
        HashSet<string> fired = [];
        List<Task> running = [];
        long? asked = null;
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                if (asked is null || Stopwatch.GetElapsedTime(asked.Value) > Pause)
                {
                    asked = Stopwatch.GetTimestamp();
                    running.Add(cause());
                }

                fired.UnionWith(await FiringAsync(prometheus));
                return fired.IsSupersetOf(alerts);
            },
            limit, $"all fire: {string.Join(", ", alerts)}");
        await Task.WhenAll(running);
    }

    private static async Task<IReadOnlyList<string>> FiringAsync(PrometheusProcess prometheus) =>
        [.. (await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}")).Select(alert => alert.GetProperty("metric").GetProperty("alertname").GetString()!)];

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

    /// <summary>Puts an entry into the queue that nobody can record.</summary>
    private async Task PoisonAsync()
    {
        string redis = await with.Platform.App.GetConnectionStringAsync("redis", Token) ?? "";
        string[] address = redis.Split(',')[0].Split(':');
        string? password = redis.Split(',').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0] == "password")?[1];
        using TcpClient client = new();
        await client.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture), Token);
        await using NetworkStream stream = client.GetStream();
        string commands = (password is null ? "" : $"AUTH {password}\r\n") + "XADD platform:interactions * organization default data poison\r\nPING\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(commands), Token);
        byte[] reply = new byte[4096];
        StringBuilder said = new();
        while (!said.ToString().Contains("+PONG", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(reply, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5), Token);
            said.Append(Encoding.UTF8.GetString(reply, 0, read));
        }

        Assert.DoesNotContain("-", said.ToString().Split("\r\n").Where(line => line.StartsWith('-')));
    }

    [GeneratedRegex(@"\[(5m|10m|15m|1h)\]")]
    private static partial Regex Window();

    [GeneratedRegex(@"for: \w+")]
    private static partial Regex Wait();

    [GeneratedRegex(@"(openings15m|breaches:increase15m|lookups:increase15m|lag_seconds\)|age_seconds\)) > (\d+)")]
    private static partial Regex Counts();
}
