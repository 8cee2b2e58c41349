using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>A real Prometheus over the running platform with the deployed rules, whose windows, waits and counts are shortened.</summary>
internal static partial class AlertDrill
{
    private const string Program = "/usr/bin/prometheus";
    private static readonly TimeSpan ScrapeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static bool IsPossible => File.Exists(Program);

    public static PrometheusProcess Start(PlatformWithModels with) => PrometheusProcess.Start(Program, PrometheusTests.Deploy, with.Platform.GatewayUrl, Shortened);

    public static Task EveryProcessIsScrapedAsync(PrometheusProcess prometheus) =>
        RunningPlatform.EventuallyAsync(async () => (await prometheus.QueryAsync("up == 1")).Count == 8, ScrapeLimit, "every process is scraped");

    /// <summary>Repeats the cause until each of the alerts has fired once.</summary>
    public static async Task FiringAsync(PrometheusProcess prometheus, TimeSpan limit, Func<Task> cause, params string[] alerts)
    {
        HashSet<string> fired = [];
        List<Task> running = [];
        long began = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(Pause);
        while (!fired.IsSupersetOf(alerts))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"Not within {limit.TotalSeconds:0} s: {string.Join(", ", alerts.Except(fired))}. Fired: {string.Join(", ", fired)}.");
            running.Add(cause());
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            fired.UnionWith(await FiringAsync(prometheus));
        }

        await Task.WhenAll(running).WaitAsync(limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Names of the alerts that fire now.</summary>
    public static async Task<IReadOnlyList<string>> FiringAsync(PrometheusProcess prometheus) =>
        [.. (await prometheus.QueryAsync("ALERTS{alertstate=\"firing\"}")).Select(alert => alert.GetProperty("metric").GetProperty("alertname").GetString()!)];

    // The same expressions; what differs is only how long and how much it takes.
    private static string Shortened(string rules)
    {
        rules = Offset().Replace(Window().Replace(rules, "[10s]"), "offset 10s");
        rules = Wait().Replace(rules, "for: 0s");
        return Counts().Replace(rules, match => match.Groups[1].Value + match.Groups[2].Value switch { "60" => " > 3", "300" => " > 20", _ => " > 0" });
    }

    [GeneratedRegex(@"\[(5m|10m|15m|1h)\]")]
    private static partial Regex Window();

    [GeneratedRegex(@"offset \w+")]
    private static partial Regex Offset();

    [GeneratedRegex(@"for: \w+")]
    private static partial Regex Wait();

    [GeneratedRegex(@"(openings15m|breaches:increase15m|lookups:increase15m|lag_seconds\)|age_seconds\)) > (\d+)")]
    private static partial Regex Counts();
}
