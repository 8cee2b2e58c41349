using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Caching;
using Platform.ContextSynthesis;
using Platform.DataQuestions;
using Platform.EntityResolution;
using Platform.Gateway.Degradation;
using Platform.Gateway.Telemetry;
using Platform.Memory;
using Platform.ModelGateway.Telemetry;
using Platform.PatternAnalysis;
using Platform.ResponseGeneration;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Observability.Tests;

/// <summary>An instrument as its code declares it.</summary>
internal sealed record DeclaredInstrument(string Meter, string Name, string Kind, string Unit, string Meaning, IReadOnlyList<string> Labels)
{
    /// <summary>The name under which Prometheus keeps it; a histogram adds <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    public string PrometheusName => Name.Replace('.', '_') + (Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" }) + (Kind == "counter" ? "_total" : "");
}

/// <summary>Every instrument of the product's own meters.</summary>
internal static partial class InstrumentCatalog
{
    public static IReadOnlyList<DeclaredInstrument> All { get; } = [.. Declare().OrderBy(i => i.Meter, StringComparer.Ordinal).ThenBy(i => i.Name, StringComparer.Ordinal)];

    private static List<DeclaredInstrument> Declare()
    {
        var declared = new List<DeclaredInstrument>();
        using var meters = new MeterFactory();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters)
                {
                    declared.Add(Read(instrument));
                }
            },
        };
        listener.Start();

        _ = new CacheMetrics(meters);
        _ = new ContextSynthesisMetrics(meters);
        _ = new DataQuestionsMetrics(meters);
        _ = new EntityResolutionMetrics(meters);
        _ = new GatewayMetrics(meters, new DegradationMonitor(new FixedOptions<DegradationOptions>(new DegradationOptions())));
        _ = new MemoryMetrics(meters);
        _ = new ModelGatewayMetrics(meters);
        _ = new PatternMetrics(meters);
        _ = new GenerationMetrics(meters);
        _ = new RpcServerMetrics(meters);
        _ = new ActiveRequests(meters);
        using var budgets = new PerformanceBudgets(meters, new FixedOptions<BudgetOptions>(new BudgetOptions()), NullLogger<PerformanceBudgets>.Instance);
        return declared;
    }

    private static DeclaredInstrument Read(Instrument instrument)
    {
        var text = Description().Match(instrument.Description ?? "");
        return new DeclaredInstrument(
            instrument.Meter.Name, instrument.Name, Kind(instrument), instrument.Unit ?? "", text.Groups["meaning"].Value,
            text.Groups["labels"].Success ? text.Groups["labels"].Value.Split(", ") : []);
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        "Gauge" or "ObservableGauge" => "gauge",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        var other => throw new InvalidOperationException($"{instrument.Name} is a {other}, which nobody has decided how to document."),
    };

    [GeneratedRegex(@"^(?<meaning>.*?\.)(?: Labels: (?<labels>[a-z_.]+(?:, [a-z_.]+)*)\.)?$", RegexOptions.Singleline)]
    private static partial Regex Description();
}
