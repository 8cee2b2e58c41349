namespace Platform.Testing;

/// <summary>A clock that stands still until the test moves it. Timers and delays keep running in real time.</summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    /// <summary>Starts at a fixed moment that no test depends on.</summary>
    public ManualTime()
        : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    private TimeSpan jumped;

    /// <summary>The time that passes, whatever the wall clock says.</summary>
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now + jumped;

    public override long GetTimestamp() => Now.Ticks;

    public void Advance(TimeSpan by) => Now += by;

    /// <summary>Somebody sets the wall clock: only <see cref="GetUtcNow"/> moves.</summary>
    public void Jump(TimeSpan by) => jumped += by;
}
