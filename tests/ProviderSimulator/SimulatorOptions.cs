namespace Platform.ProviderSimulator;

/// <summary>How the simulated providers behave when a request says nothing else; section <c>Simulator</c> when it runs as a process.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Of every draw: the same seed and the same order of requests give the same faults, waits and answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Median time to the first token. Waits are log-normal, as those of real providers are: most are near the median, few are much longer.</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>Standard deviation of the logarithm of the time to the first token; 0: always the median. 0.4 puts the 99th percentile at 2.5 times the median.</summary>
    public double FirstTokenSpread { get; init; }

    /// <summary>Time between two tokens of an answer; one that is not streamed takes as long in all.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>Share of requests, 0 to 1, that end in a fault of <see cref="Faults"/>, drawn by <see cref="Seed"/>.</summary>
    public double FaultShare { get; init; }

    /// <summary>The faults that are drawn from, as <see cref="Faults.Behaviour.Parse"/> reads them; empty means every one.</summary>
    public IList<string> Faults { get; init; } = [];

    /// <summary>Keys that are accepted; empty means any, also none.</summary>
    public IList<string> Keys { get; init; } = [];

    /// <summary>Models that are known; another is 404. Empty means any.</summary>
    public IList<string> Models { get; init; } = [];

    /// <summary>Requests that are kept, the oldest go first; 0 keeps none.</summary>
    public int KeptRequests { get; init; } = 10_000;

    /// <summary>Longest that a fault keeps a request hanging.</summary>
    public TimeSpan LongestHang { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Numbers of an embedding when the request does not choose.</summary>
    public int EmbeddingDimensions { get; init; } = 256;
}
