namespace Platform.Gateway.RateLimiting;

/// <summary>What a bucket decided.</summary>
/// <param name="Admitted">Whether a token was taken.</param>
/// <param name="Remaining">Whole tokens left.</param>
/// <param name="RetryAfter">Time until a token is there; zero when admitted.</param>
/// <param name="Shared">Whether all instances decided together.</param>
internal readonly record struct RateDecision(bool Admitted, int Remaining, TimeSpan RetryAfter, bool Shared);

/// <summary>A bucket of this instance. Time comes from a monotonic clock, so that a clock that is set grants nothing.</summary>
internal sealed class TokenBucket(double burst, long now)
{
    private readonly Lock gate = new();
    private double tokens = burst;
    private long last = now;

    public long LastUsed => Volatile.Read(ref last);

    public RateDecision Take(TimeProvider time, double perSecond, double capacity)
    {
        lock (gate)
        {
            long current = time.GetTimestamp();
            double elapsed = Math.Max(0, time.GetElapsedTime(last, current).TotalSeconds);
            last = current;
            tokens = Math.Min(capacity, tokens + (elapsed * perSecond));
            if (tokens >= 1)
            {
                tokens -= 1;
                return new RateDecision(true, (int)tokens, TimeSpan.Zero, false);
            }

            return new RateDecision(false, 0, TimeSpan.FromSeconds((1 - tokens) / perSecond), false);
        }
    }
}
