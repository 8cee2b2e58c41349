using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Observability.Tests;

/// <summary>Operations against their budgets (J5).</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly MeterFactory _meters = new();
    private readonly FixedOptions<BudgetOptions> _options = new(new BudgetOptions());
    private readonly Warnings _log = new();
    private readonly PerformanceBudgets _budgets;
    private readonly Histogram<double> _reads;

    public BudgetTests()
    {
        _budgets = new PerformanceBudgets(_meters, _options, _log);
        _reads = _meters.Create("Test").CreateHistogram<double>("platform.patterns.read.duration", "s");
    }

    [Fact]
    public async Task Report_AfterAThousandReads_HasTheirPercentiles()
    {
        await _budgets.StartAsync(TestContext.Current.CancellationToken);

        for (var i = 1; i <= 1000; i++)
        {
            Read(i / 10_000.0, "Redis");
        }

        var cached = Assert.Single(_budgets.Report(), report => report.Operation == "patterns_cached");
        Assert.Equal((1000, new Percentiles(20, 100, 200)), (cached.Samples, cached.Budget));
        Assert.Equal(new Percentiles(50, 95, 99), cached.Current);
        Assert.False(cached.Within);
        Assert.Equal(0, cached.Breaches);
    }

    [Fact]
    public async Task Record_SlowerThanTwiceP95_WarnsWithTheTraceAndCounts()
    {
        await _budgets.StartAsync(TestContext.Current.CancellationToken);
        using var activity = new Activity("request").Start();

        Read(0.199, "Memory");
        Assert.Empty(_log.Lines);
        Read(0.201, "Memory");

        var line = Assert.Single(_log.Lines);
        Assert.Contains("patterns_cached took 201 ms, more than 2 times the 100 ms of its budget", line, StringComparison.Ordinal);
        Assert.Contains(activity.TraceId.ToHexString(), line, StringComparison.Ordinal);
        Assert.Equal(1, _budgets.Report().Single(report => report.Operation == "patterns_cached").Breaches);
    }

    [Fact]
    public async Task Record_OtherLabel_CountsForItsOwnBudgetOnly()
    {
        await _budgets.StartAsync(TestContext.Current.CancellationToken);

        Read(1.5, "Computed");

        Assert.Empty(_log.Lines);
        Assert.Equal(0, _budgets.Report().Single(report => report.Operation == "patterns_cached").Samples);
        Assert.True(_budgets.Report().Single(report => report.Operation == "patterns_computed") is { Samples: 1, Current.P95: 1500, Within: true } is false, "1.5 s is above the p50 of 500 ms.");
    }

    [Fact]
    public void Defaults_AreTheTableOfTheRequirements()
    {
        var table = _options.CurrentValue.Operations.ToDictionary(o => o.Key, o => (o.Value.P50.TotalMilliseconds, o.Value.P95.TotalMilliseconds, o.Value.P99.TotalMilliseconds));
        Assert.Equal(
            new Dictionary<string, (double, double, double)>
            {
                ["entity_resolution"] = (50, 150, 300),
                ["patterns_cached"] = (20, 100, 200),
                ["patterns_computed"] = (500, 2000, 5000),
                ["synthesis"] = (100, 300, 500),
                ["decision"] = (800, 2000, 4000),
                ["generation"] = (2000, 8000, 15000),
                ["answer"] = (3000, 10000, 20000),
            },
            table);
        Assert.All(_options.CurrentValue.Operations.Values, budget => Assert.Contains(InstrumentCatalog.All, i => i.Name == budget.Metric && i.Kind == "histogram" && i.Unit == "s" && budget.Where.Keys.All(i.Labels.Contains)));
    }

    public void Dispose()
    {
        _budgets.Dispose();
        _meters.Dispose();
    }

    private void Read(double seconds, string tier) => _reads.Record(seconds, new("tier", tier), new("stale", false));

    private sealed class Warnings : ILogger<PerformanceBudgets>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));
    }
}
