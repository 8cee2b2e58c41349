namespace Platform.ModelGateway.Tests.ProviderFaults;

/// <summary>What must come of a fault when the provider that has it is alone.</summary>
internal enum Remedy
{
    /// <summary>The answer is whole all the same.</summary>
    None,

    /// <summary>The same provider is asked again, another at once.</summary>
    Repeat,

    /// <summary>Only another provider can help.</summary>
    MoveOn,

    /// <summary>Nobody can help.</summary>
    GiveUp,
}

/// <summary>One fault of bar F6, and what must come of it.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Behaviour">What the simulator is told; null when nothing listens there.</param>
/// <param name="Whole">Reason when the answer is not streamed; empty when it must succeed.</param>
/// <param name="Streamed">Reason of the stream.</param>
internal sealed record FaultCase(string Name, string? Behaviour, string Whole, string Streamed, Remedy Remedy = Remedy.Repeat)
{
    private const string Cut = "CONNECTION_ERROR";
    private const string Late = "TIMEOUT";
    private const string Wrong = "SERVER_ERROR";

    /// <summary>Attempts at the provider when it is alone.</summary>
    internal (int Least, int Most) Attempts { get; init; } = (3, 3);

    /// <summary>The fault may come after text was sent: then nobody is asked again.</summary>
    internal bool MidStream { get; init; }

    /// <summary>The caller's deadline.</summary>
    internal TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The provider's limits are longer, so that the size decides and not the time.</summary>
    internal bool TakesLong { get; init; }

    internal static IReadOnlyList<FaultCase> All { get; } =
    [
        new("refuse", null, Cut, Cut),
        new("connect to a black hole", null, Late, Late),
        new("reset", "reset", Cut, Cut),
        new("close", "close", Cut, Cut),
        new("hang before headers", "hang-before-headers", Late, Late),
        new("hang after headers", "hang-after-headers", Late, Late),
        new("hang in the middle", "hang-mid-stream", Late, Late) { MidStream = true },
        new("slow drip", "slow-drip", Late, Late),
        new("cut mid-stream", "cut-mid-stream", Cut, Cut) { MidStream = true },
        new("reset mid-stream", "reset-mid-stream", Cut, Cut) { MidStream = true },
        new("ends early", "end-early", Wrong, Cut) { MidStream = true },
        new("401", "status-401", "AUTHENTICATION_ERROR", "AUTHENTICATION_ERROR", Remedy.MoveOn),
        new("403", "status-403", "PERMISSION_DENIED", "PERMISSION_DENIED", Remedy.MoveOn),
        new("404", "status-404", "NOT_FOUND", "NOT_FOUND", Remedy.MoveOn),
        new("400", "status-400", "BAD_REQUEST", "BAD_REQUEST", Remedy.GiveUp),
        new("429", "status-429", "RATE_LIMIT", "RATE_LIMIT"),
        new("429, Retry-After 1 s", "status-429+retry-after-1", "RATE_LIMIT", "RATE_LIMIT") { Attempts = (2, 2) },
        new("429, Retry-After a date", "status-429+retry-date-1", "RATE_LIMIT", "RATE_LIMIT") { Attempts = (2, 3), Deadline = TimeSpan.FromSeconds(3.5) },
        new("429, Retry-After past the deadline", "status-429+retry-after-9", "RATE_LIMIT", "RATE_LIMIT") { Attempts = (1, 1) },
        new("500", "status-500", Wrong, Wrong),
        new("503", "status-503", Wrong, Wrong),
        new("garbage 200", "garbage", Wrong, Wrong),
        new("garbage mid-stream", "garbage-mid-stream", Wrong, Wrong) { MidStream = true },
        new("error inside a 200", "error-in-success", Wrong, Wrong),
        new("error mid-stream", "error-mid-stream", Wrong, Wrong) { MidStream = true },
        new("empty body", "empty-body", Wrong, Wrong),
        new("empty answer", "empty-answer", Wrong, Wrong),
        new("huge line", "huge-line", Wrong, Wrong) { Deadline = TimeSpan.FromSeconds(12), TakesLong = true },
        new("duplicate chunks", "duplicate-chunks", "", "", Remedy.None),
        new("reordered chunks", "reordered-chunks", "", Wrong) { MidStream = true },
        new("missing usage", "missing-usage", "", "", Remedy.None),
        new("wrong content type", "wrong-content-type", Wrong, Wrong),
        new("missing end mark", "missing-end-mark", "", "", Remedy.None),
    ];

    internal string Reason(bool streamed) => streamed ? Streamed : Whole;
}
