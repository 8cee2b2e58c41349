namespace Platform.Caching;

/// <summary>Milliseconds that only go forward, whatever happens to the wall clock.</summary>
internal sealed class MonotonicClock(TimeProvider clock)
{
    private readonly bool isSystem = ReferenceEquals(clock, TimeProvider.System);

    // The coarse system counter is as steady as the fine one, and reading it is a few nanoseconds instead of twenty.
    public long Now => isSystem ? Environment.TickCount64 : (long)(clock.GetTimestamp() * (1000.0 / clock.TimestampFrequency));
}
