using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>Section <c>budgets</c>: how long operations may take (J5).</summary>
public sealed class BudgetOptions
{
    public const string Section = "budgets";

    /// <summary>An operation that takes more than so many times its p95 breaches its budget, 2.</summary>
    [Range(1.0, 100.0)]
    public double BreachFactor { get; set; } = 2;

    /// <summary>Budgets by operation; a name of the defaults changes that one. Changes are applied while running.</summary>
    public IDictionary<string, OperationBudget> Operations { get; set; } = new Dictionary<string, OperationBudget>(StringComparer.OrdinalIgnoreCase)
    {
        ["entity_resolution"] = Of("platform.entity_resolution.duration", 0.050, 0.150, 0.300),
        ["patterns_cached"] = Of("platform.patterns.read.duration", 0.020, 0.100, 0.200, ("tier", ["Memory", "Redis", "Postgres"])),
        ["patterns_computed"] = Of("platform.patterns.read.duration", 0.500, 2, 5, ("tier", ["Computed"])),
        ["synthesis"] = Of("platform.synthesis.duration", 0.100, 0.300, 0.500, ("operation", ["synthesize"])),
        ["decision"] = Of("platform.synthesis.duration", 0.800, 2, 4, ("operation", ["decide"])),
        ["generation"] = Of("platform.generation.duration", 2, 8, 15),
        ["answer"] = Of("platform.answer.duration", 3, 10, 20),
    };

    private static OperationBudget Of(string metric, double p50, double p95, double p99, params (string Label, string[] Values)[] where) => new()
    {
        Metric = metric,
        Where = where.ToDictionary(condition => condition.Label, condition => condition.Values),
        P50 = TimeSpan.FromSeconds(p50),
        P95 = TimeSpan.FromSeconds(p95),
        P99 = TimeSpan.FromSeconds(p99),
    };
}

/// <summary>How long one operation may take, and the histogram that tells how long it took.</summary>
public sealed class OperationBudget
{
    /// <summary>Name of a histogram of seconds, docs/metrics.md.</summary>
    [Required]
    public string Metric { get; set; } = "";

    /// <summary>Only measurements whose labels have one of these values count; empty counts all.</summary>
    public IDictionary<string, string[]> Where { get; set; } = new Dictionary<string, string[]>();

    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan P50 { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan P95 { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan P99 { get; set; }
}
