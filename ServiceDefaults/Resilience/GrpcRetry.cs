using System.Collections.Frozen;

namespace Platform.ServiceDefaults;

/// <summary>
/// Which calls of a client may be repeated. Only reads whose repetition changes nothing belong here, only unary ones are
/// repeated, and only when no answer came at all: a status that the service sent is final.
/// </summary>
public sealed record GrpcRetry
{
    /// <summary>Methods by their proto name, e.g. <c>Resolve</c>.</summary>
    public required FrozenSet<string> Methods { get; init; }

    /// <summary>Attempts in all, 2.</summary>
    public int MaximumAttempts { get; init; } = 2;

    /// <summary>Mean wait before the next attempt, 50 ms; the actual wait is 50 to 150 % of it.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Opts the named methods in.</summary>
    public static GrpcRetry Reads(params ReadOnlySpan<string> methods) => new() { Methods = FrozenSet.Create(StringComparer.Ordinal, methods) };
}
