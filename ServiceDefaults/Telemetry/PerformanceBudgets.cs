using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// Compares operations with their budgets. It listens to the histograms that services record anyway, on the thread that records:
/// the code of an operation knows nothing of budgets, and a breach is logged within the request that caused it.
/// </summary>
public sealed partial class PerformanceBudgets : IHostedService, IDisposable
{
    private readonly IMeterFactory _meters;
    private readonly IOptionsMonitor<BudgetOptions> _options;
    private readonly ILogger _logger;
    private readonly Counter<long> _breaches;
    private readonly Lock _gate = new();
    private IDisposable? _changes;
    private MeterListener? _listener;
    private List<OperationWindow> _windows = [];

    public PerformanceBudgets(IMeterFactory meters, IOptionsMonitor<BudgetOptions> options, ILogger<PerformanceBudgets> logger)
    {
        (_meters, _options, _logger) = (meters, options, logger);
        var meter = meters.Create(RpcServerMetrics.MeterName);
        _breaches = meter.CreateCounter<long>("platform.budget.breaches", "{operation}", "Operations that took more than the breach factor times the p95 of their budget. Labels: operation.");
        meter.CreateObservableGauge("platform.budget.limit", Limits, "s", "The budget of an operation that this process does; percentile is p50, p95 or p99. Labels: operation, percentile.");
        meter.CreateObservableGauge("platform.budget.current", Current, "s", "What the latest operations of this process took, at most 1,024 of them; percentile is p50, p95 or p99. Labels: operation, percentile.");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Listen(_options.CurrentValue);
        _changes = _options.OnChange((options, _) => Listen(options));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _changes?.Dispose();
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Operations whose histograms this process has, by name.</summary>
    public IReadOnlyList<OperationBudgetReport> Report() =>
        [.. Windows().Select(window => window.Report()).OrderBy(report => report.Operation, StringComparer.Ordinal)];

    // A listener that begins is told of every instrument again, so a changed budget may name another one.
    private void Listen(BudgetOptions options)
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _windows = [];
            _listener = new MeterListener { InstrumentPublished = (instrument, listener) => Published(instrument, listener, options) };
            _listener.SetMeasurementEventCallback<double>((_, seconds, tags, state) => Observe((OperationWindow[])state!, seconds, tags));
            _listener.Start();
        }
    }

    private void Published(Instrument instrument, MeterListener listener, BudgetOptions options)
    {
        // Other hosts of the process have meters of their own.
        if (instrument is not Histogram<double> || instrument.Meter.Scope != _meters)
        {
            return;
        }

        OperationWindow[] windows = [.. options.Operations.Where(operation => operation.Value.Metric == instrument.Name)
            .Select(operation => new OperationWindow(operation.Key, operation.Value))];
        if (windows.Length == 0)
        {
            return;
        }

        foreach (var window in windows)
        {
            // A count that begins at nothing shows its first increase.
            _breaches.Add(0, new KeyValuePair<string, object?>("operation", window.Operation));
        }

        lock (_gate)
        {
            _windows = [.. _windows, .. windows];
        }

        listener.EnableMeasurementEvents(instrument, windows);
    }

    private void Observe(OperationWindow[] windows, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var window in windows)
        {
            if (!window.Counts(tags))
            {
                continue;
            }

            window.Add(seconds);
            var factor = _options.CurrentValue.BreachFactor;
            if (seconds > window.Budget.P95.TotalSeconds * factor)
            {
                window.Breached();
                _breaches.Add(1, new KeyValuePair<string, object?>("operation", window.Operation));
                Log.Breached(_logger, window.Operation, seconds * 1000, factor, window.Budget.P95.TotalMilliseconds, Activity.Current?.TraceId.ToHexString() ?? "none");
            }
        }
    }

    private List<OperationWindow> Windows()
    {
        lock (_gate)
        {
            return _windows;
        }
    }

    private IEnumerable<Measurement<double>> Limits() => Windows().SelectMany(window => Measure(window.Operation, window.Report().Budget));

    private IEnumerable<Measurement<double>> Current() => Windows().Select(window => window.Report())
        .SelectMany(report => report.Current is { } current ? Measure(report.Operation, current) : []);

    private static IEnumerable<Measurement<double>> Measure(string operation, Percentiles milliseconds) =>
    [
        new(milliseconds.P50 / 1000, new("operation", operation), new("percentile", "p50")),
        new(milliseconds.P95 / 1000, new("operation", operation), new("percentile", "p95")),
        new(milliseconds.P99 / 1000, new("operation", operation), new("percentile", "p99")),
    ];

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BudgetBreached", Level = LogLevel.Warning, Message = "{Operation} took {Milliseconds:0} ms, more than {Factor} times the {Limit:0} ms of its budget, in trace {Trace}")]
        internal static partial void Breached(ILogger logger, string operation, double milliseconds, double factor, double limit, string trace);
    }
}
