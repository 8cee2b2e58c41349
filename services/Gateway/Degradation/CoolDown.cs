namespace Platform.Gateway.Degradation;

/// <summary>Leaves a dependency alone for a while after it failed, so that callers do not each wait for the same failure.</summary>
internal sealed class CoolDown(TimeProvider time)
{
    private long overAt = long.MinValue;

    public bool IsOver => time.GetTimestamp() >= Volatile.Read(ref overAt);

    public void Start(TimeSpan length) =>
        Volatile.Write(ref overAt, time.GetTimestamp() + (long)(length.TotalSeconds * time.TimestampFrequency));
}
