using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Testing;

namespace Platform.Observability.Tests;

/// <summary>Alerts and dashboards are right, documented, and read nothing that does not exist.</summary>
public sealed partial class WatchFilesTests
{
    private const string Promtool = "/usr/bin/promtool";

    [Fact]
    public async Task Rules_UnitTestsHold()
    {
        Assert.SkipUnless(File.Exists(Promtool), "Alert rules are tested with promtool: apt-get install prometheus.");

        await RunAsync("test", "rules", Path.Combine(WatchFiles.Folder, "prometheus", "rules.tests.yml"));
        await RunAsync("check", "config", Path.Combine(WatchFiles.Folder, "prometheus", "prometheus.yml"));
    }

    [Fact]
    public void EveryAlert_IsUnitTested()
    {
        var tests = File.ReadAllText(Path.Combine(WatchFiles.Folder, "prometheus", "rules.tests.yml"));
        Assert.True(WatchFiles.Alerts.Count > 10);
        Assert.All(WatchFiles.Alerts, alert => Assert.Contains($"#{alert.Name.ToLowerInvariant()}", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryAlert_IsMadeToFireOnARunningPlatform()
    {
        var drills = Directory.EnumerateFiles(Path.Combine(TestData.RepositoryRoot, "tests", "Platform.EndToEndTests"), "*AlertTests.cs")
            .SelectMany(file => AwaitedAlerts().Matches(File.ReadAllText(file))).Select(awaited => awaited.Value).ToList();
        Assert.All(WatchFiles.Alerts, alert => Assert.Contains(drills, awaited => awaited.Contains($"\"{alert.Name}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryAlert_HasItsRunbookEntry()
    {
        var runbook = File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "docs", "runbook.md"));
        var entries = runbook.Split("\n## ")[1..].ToDictionary(entry => entry.Split('\n')[0], entry => entry);
        Assert.All(WatchFiles.Alerts, alert =>
        {
            Assert.Equal($"docs/runbook.md#{alert.Name.ToLowerInvariant()}", alert.RunbookUrl);
            Assert.True(entries.TryGetValue(alert.Name, out var entry), $"docs/runbook.md has no entry {alert.Name}.");
            Assert.All((string[])["**Means.**", "**Look.**", "**Do.**"], part => Assert.Contains(part, entry, StringComparison.Ordinal));
        });
        Assert.Equal(WatchFiles.Alerts.Select(a => a.Name).Order(StringComparer.Ordinal), entries.Keys.Where(e => e != "Watching a running platform").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryQuery_ReadsMetricsThatExist()
    {
        var known = InstrumentCatalog.All.SelectMany(i => i.Kind == "histogram" ? [i.PrometheusName + "_bucket", i.PrometheusName + "_sum", i.PrometheusName + "_count"] : (string[])[i.PrometheusName])
            .Concat(WatchFiles.Recorded).Append("up").ToHashSet();
        var libraries = MetricsDocument.Libraries.SelectMany(l => l.Prefix.Split(' ')).ToArray();
        Assert.True(WatchFiles.Queries.Count > 50);
        Assert.All(WatchFiles.Queries, query =>
        {
            var read = WatchFiles.MetricsOf(query.Query).ToList();
            Assert.NotEmpty(read);
            Assert.All(read, metric => Assert.True(
                known.Contains(metric) || libraries.Any(prefix => metric.StartsWith(prefix, StringComparison.Ordinal)), $"{query.Where} reads {metric}, which nothing measures."));
        });
    }

    [Fact]
    public void Dashboards_CoverWhatIsAskedAndLayNothingOverAnother()
    {
        Assert.All(WatchFiles.Dashboards(), file =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var panels = document.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("gridPos"))
                .Select(at => (X: at.GetProperty("x").GetInt32(), Y: at.GetProperty("y").GetInt32(), W: at.GetProperty("w").GetInt32(), H: at.GetProperty("h").GetInt32())).ToList();
            Assert.All(panels, a => Assert.True(a.X + a.W <= 24));
            Assert.All(panels.Index(), a => Assert.DoesNotContain(panels.Skip(a.Index + 1), b => a.Item.X < b.X + b.W && b.X < a.Item.X + a.Item.W && a.Item.Y < b.Y + b.H && b.Y < a.Item.Y + a.Item.H));
        });
        string[] asked = ["platform_llm_attempts_total", "platform_answers_total", "platform_llm_cost_total", "platform_cache_operations_total", "platform_stage_duration_seconds_bucket",
            "platform_budget_limit_seconds", "platform_llm_breaker_state", "platform_memory_stream_lag_seconds"];
        var read = WatchFiles.Queries.Where(query => query.Where.Contains(".json", StringComparison.Ordinal)).SelectMany(query => WatchFiles.MetricsOf(query.Query)).ToHashSet();
        Assert.All(asked, metric => Assert.Contains(metric, read));
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo(Promtool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complained = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(promtool.ExitCode == 0, await said + await complained);
    }

    [GeneratedRegex(@"AlertDrill\.FiringAsync\(\s*prometheus,[^;]*;")]
    private static partial Regex AwaitedAlerts();
}
