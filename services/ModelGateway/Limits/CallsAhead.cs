namespace Platform.ModelGateway.Limits;

/// <summary>
/// Calls that this instance took out of a shared bucket before they came, so that most of a busy minute need not ask Redis. At most
/// a <see cref="Share"/>th of a minute's calls, for <see cref="Life"/>, and only while more than half of the bucket is left: near its end every call
/// asks, and the limit is exact. What lapses goes back with the next question. As many as are taken and used come: each time twice as many.
/// When none is left, as many calls again may be let through before Redis is told of them: they are owed until it is.
/// </summary>
internal sealed class CallsAhead(TimeProvider time)
{
    internal const int Share = 400;
    internal static readonly TimeSpan Life = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private int _left;
    private int _granted;
    private int _wanted;
    private int _lapsed;
    private int _owed;
    private long _since;
    private bool _asking;

    /// <summary>Uses one; false when Redis must be asked.</summary>
    internal bool TryUse()
    {
        lock (_gate)
        {
            if (_left == 0)
            {
                return false;
            }

            if (time.GetElapsedTime(_since) < Life)
            {
                _left--;
                return true;
            }

            _wanted = _granted - _left;
            _lapsed += _left;
            _left = 0;
            return false;
        }
    }

    /// <summary>True while Redis has not been told of every call that was let through.</summary>
    internal bool Owes
    {
        get
        {
            lock (_gate)
            {
                return _owed > 0;
            }
        }
    }

    /// <summary>Lets a call through that Redis is told of after it; false when too many are owed already.</summary>
    /// <param name="perMinute">The limit.</param>
    /// <param name="mustTell">Nobody tells Redis yet.</param>
    internal bool TryOwe(int perMinute, out bool mustTell)
    {
        lock (_gate)
        {
            if (_owed >= perMinute / Share)
            {
                mustTell = false;
                return false;
            }

            mustTell = _owed++ == 0 && !_asking;
            return true;
        }
    }

    /// <summary>How many to ask for with a call, how many to give back, and how many are owed; null when another call asks just now, which then counts for all.</summary>
    internal (int Wanted, int Lapsed, int Owed)? Ask(int perMinute)
    {
        lock (_gate)
        {
            if (_asking)
            {
                return null;
            }

            var (lapsed, owed) = (_lapsed, _owed);
            (_asking, _lapsed, _owed) = (true, 0, 0);
            _wanted = Math.Min(perMinute / Share, _wanted + Math.Max(1, _wanted));
            return (Math.Max(0, _wanted - _left), lapsed, owed);
        }
    }

    /// <summary>The answer to the call that asked.</summary>
    internal void Granted(int ahead)
    {
        lock (_gate)
        {
            // Some may be left: who tells of what is owed asks again at once.
            _left = _granted = _left + ahead;
            (_since, _asking) = (time.GetTimestamp(), false);
        }
    }

    /// <summary>There was no answer: what is owed still is.</summary>
    internal void Unanswered(int owed)
    {
        lock (_gate)
        {
            _owed += owed;
            _asking = false;
        }
    }
}
