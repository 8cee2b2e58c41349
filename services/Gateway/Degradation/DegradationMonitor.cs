using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;

namespace Platform.Gateway.Degradation;

/// <summary>
/// Knows which dependencies answer, from the calls that are made anyway, and which level follows (I2). A dependency goes
/// away and comes back only after several calls in a row agree.
/// </summary>
internal sealed class DegradationMonitor(IOptionsMonitor<DegradationOptions> options)
{
    // Without these an answer has no figures of its own.
    private static readonly string[] Essential = ["entity-resolution", "data-questions"];
    private static readonly string[] EssentialParts = ["entities", "facts"];

    private readonly ConcurrentDictionary<string, State> dependencies = new(StringComparer.Ordinal);

    public bool InMaintenance => Pinned == DegradationLevel.Maintenance;

    /// <summary>The level of the platform as a whole.</summary>
    public DegradationLevel Level => LevelFor([]);

    /// <summary>Dependencies that count as away.</summary>
    public IReadOnlyList<string> Away => [.. dependencies.Where(d => d.Value.Away).Select(d => d.Key).Order(StringComparer.Ordinal)];

    private DegradationLevel? Pinned => options.CurrentValue.Level switch
    {
        "full" => DegradationLevel.Full,
        "limited" => DegradationLevel.Limited,
        "minimal" => DegradationLevel.Minimal,
        "maintenance" => DegradationLevel.Maintenance,
        _ => null,
    };

    public void Succeeded(string dependency) =>
        dependencies.GetOrAdd(dependency, static _ => new State()).Succeeded(options.CurrentValue.SuccessesToBack);

    public void Failed(string dependency) =>
        dependencies.GetOrAdd(dependency, static _ => new State()).Failed(options.CurrentValue.FailuresToAway);

    /// <summary>The level of one answer that had to do without some parts.</summary>
    public DegradationLevel LevelFor(IReadOnlyCollection<string> missingParts)
    {
        if (Pinned is { } pinned)
        {
            return pinned;
        }

        IReadOnlyList<string> away = Away;
        if (missingParts.Intersect(EssentialParts).Any() || away.Intersect(Essential).Any())
        {
            return DegradationLevel.Minimal;
        }

        return missingParts.Count > 0 || away.Count > 0 ? DegradationLevel.Limited : DegradationLevel.Full;
    }

    private sealed class State
    {
        private readonly Lock gate = new();
        private int failures;
        private int successes;

        public bool Away { get; private set; }

        public void Succeeded(int successesToBack)
        {
            lock (gate)
            {
                failures = 0;
                successes++;
                if (Away && successes >= successesToBack)
                {
                    Away = false;
                }
            }
        }

        public void Failed(int failuresToAway)
        {
            lock (gate)
            {
                successes = 0;
                failures++;
                if (!Away && failures >= failuresToAway)
                {
                    Away = true;
                }
            }
        }
    }
}
