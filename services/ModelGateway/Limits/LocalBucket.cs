namespace Platform.ModelGateway.Limits;

/// <summary>
/// This instance's share of a bucket, for while Redis is away: the same arithmetic as <see cref="TokenBucketScripts"/>, where one call takes as
/// many times more as there are instances. Time is monotonic. While Redis answers it follows the shared level, so that it does not begin full.
/// </summary>
internal sealed class LocalBucket(string key, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private long _level = long.MaxValue;
    private long _at;
    private long _lastUsed = time.GetTimestamp();
    private bool _follows;

    /// <summary>False while nothing was decided yet.</summary>
    internal bool Known { get; private set; }

    /// <summary>Where Redis keeps the shared bucket.</summary>
    internal string Key => key;

    internal CallsAhead Ahead { get; } = new(time);

    internal TimeSpan Unused => time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Redis decided, and this was the level after it.</summary>
    internal void Follow(long level)
    {
        lock (_gate)
        {
            (_level, _at, _lastUsed, Known, _follows) = (level, Now(), time.GetTimestamp(), true, true);
        }
    }

    /// <summary>Redis could not be asked.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            _follows = false;
        }
    }

    /// <summary>Redis answered the last question, and by its level then more than half must be left.</summary>
    internal bool HasPlenty(int perMinute)
    {
        lock (_gate)
        {
            _lastUsed = time.GetTimestamp();
            return _follows && Refill(perMinute) > perMinute * TokenBucketScripts.Call / 2;
        }
    }

    internal long Level(int perMinute)
    {
        lock (_gate)
        {
            return Refill(perMinute);
        }
    }

    /// <summary>The wait that a call was promised, or how long until there would be room for it.</summary>
    internal (bool Promised, TimeSpan Wait) Take(int perMinute, int replicas, TimeSpan longestWait, int mostWaiting)
    {
        lock (_gate)
        {
            Known = true;
            var level = Refill(perMinute);
            var call = TokenBucketScripts.Call * replicas;
            var after = level - call;
            var wait = after >= 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Math.Ceiling(-(double)after / perMinute));
            if (after < -(mostWaiting * TokenBucketScripts.Call) || wait > longestWait)
            {
                return (false, wait);
            }

            (_level, _lastUsed) = (after, time.GetTimestamp());
            return (true, wait);
        }
    }

    private long Refill(int perMinute)
    {
        var full = perMinute * TokenBucketScripts.Call;
        var now = Now();
        _level = (long)Int128.Min(full, Math.Min(_level, full) + ((Int128)(now - _at) * perMinute));
        _at = now;
        return _level;
    }

    // Whole microseconds since the beginning, so that nothing is lost however often it is asked.
    private long Now() => (long)time.GetElapsedTime(_began).TotalMicroseconds;
}
