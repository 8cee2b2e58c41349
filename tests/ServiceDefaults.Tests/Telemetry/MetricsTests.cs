using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_OwnCounterAndRequests_AreExposedInTheTextFormat()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new ConfigurationFolder();
        await using var service = await RunningService.StartAsync(RunningService.Builder(folder), cancellationToken: token);
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create("Platform.Sample");
        meter.CreateCounter<long>("platform.sample.questions").Add(3, new KeyValuePair<string, object?>("outcome", "an \"odd\"\nvalue"));
        await service.Http.GetStringAsync("/health/live", token);

        var lines = (await service.Http.GetStringAsync("/metrics", token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(lines, line => Assert.Matches(Exposition(), line));
        var sample = Assert.Single(lines, line => line.StartsWith("platform_sample_questions_total{", StringComparison.Ordinal));
        Assert.Contains("""outcome="an \"odd\"\nvalue" """.TrimEnd(), sample, StringComparison.Ordinal);
        Assert.Equal(3, double.Parse(sample[(sample.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Contains(lines, line => line.StartsWith("http_server_request_duration_seconds_bucket{", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_HistogramOfSeconds_HasBucketsAtTheBudgets()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new ConfigurationFolder();
        await using var service = await RunningService.StartAsync(RunningService.Builder(folder), cancellationToken: token);
        var meter = service.Services.GetRequiredService<IMeterFactory>().Create("Platform.Sample");
        meter.CreateHistogram<double>("platform.sample.duration", "s").Record(0.12);
        meter.CreateHistogram<double>("platform.sample.score", "1").Record(0.85);

        var metrics = await service.Http.GetStringAsync("/metrics", token);

        Assert.Matches("""platform_sample_duration_seconds_bucket\{[^}]*le="0.1"\} 0""", metrics);
        Assert.Matches("""platform_sample_duration_seconds_bucket\{[^}]*le="0.15"\} 1""", metrics);
        Assert.Matches("""platform_sample_score_bucket\{[^}]*le="0.8"\} 0""", metrics);
        Assert.Matches("""platform_sample_score_bucket\{[^}]*le="0.9"\} 1""", metrics);
    }

    [Fact]
    public async Task Metrics_OfLibrariesThatNobodyReads_AreNotKept()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new ConfigurationFolder();
        await using var service = await RunningService.StartAsync(RunningService.Builder(folder), cancellationToken: token);
        await service.Http.GetStringAsync("/health/live", token);

        var metrics = await service.Http.GetStringAsync("/metrics", token);

        Assert.DoesNotContain("aspnetcore_memory_pool", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("aspnetcore_routing_match_attempts", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("kestrel_queued_requests", metrics, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", metrics, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^(# (HELP|TYPE|UNIT|EOF).*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? (NaN|[-+]?Inf|[-+0-9.eE]+)( [0-9.]+)?)$""")]
    private static partial Regex Exposition();
}
