namespace Platform.Caching;

/// <summary>Leaves a tier alone for a while after it failed several times in a row; then one call tries it.</summary>
internal sealed class TierBreaker(Func<CacheOptions> options, TimeProvider clock)
{
    private readonly Lock gate = new();
    private int failures;
    private long openedAt;

    /// <summary>False when the tier is to be skipped. After the pause one caller is let through; the others wait for its outcome.</summary>
    public bool TryEnter()
    {
        if (Volatile.Read(ref failures) < options().BreakerFailures)
        {
            return true;
        }

        lock (gate)
        {
            if (failures < options().BreakerFailures)
            {
                return true;
            }

            if (clock.GetElapsedTime(openedAt) < options().BreakerPause)
            {
                return false;
            }

            openedAt = clock.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref failures) != 0)
        {
            lock (gate)
            {
                failures = 0;
            }
        }
    }

    public void Failed()
    {
        lock (gate)
        {
            failures++;
            openedAt = clock.GetTimestamp();
        }
    }
}
