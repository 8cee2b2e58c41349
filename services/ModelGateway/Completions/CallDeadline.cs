namespace Platform.ModelGateway.Completions;

/// <summary>When a call must have ended, over all attempts.</summary>
internal readonly struct CallDeadline(TimeProvider time, TimeSpan total)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>Never negative.</summary>
    internal TimeSpan Remaining
    {
        get
        {
            var left = total - time.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// The model's limit, or the caller's deadline less a margin in which the reason of a failure still reaches the caller: 20 ms,
    /// at most a tenth.
    /// </summary>
    internal static CallDeadline Of(TimeProvider time, TimeSpan limit, TimeSpan? callers) =>
        new(time, callers is { } left && left - Margin(left) < limit ? left - Margin(left) : limit);

    private static TimeSpan Margin(TimeSpan left) => TimeSpan.FromTicks(Math.Min(TimeSpan.FromMilliseconds(20).Ticks, left.Ticks / 10));
}
