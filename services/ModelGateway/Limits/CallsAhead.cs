namespace Platform.ModelGateway.Limits;

/// <summary>
/// Calls that this instance took out of a shared bucket before they came, so that most of a busy minute need not ask Redis. At most
/// a <see cref="Share"/>th of a minute's calls, for <see cref="Life"/>, and only while more than half of the bucket is left: near its end every call
/// asks, and the limit is exact. What lapses goes back with the next question. As many as are taken and used come: each time twice as many.
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

    /// <summary>How many to ask for with a call, and how many to give back; null when another call asks just now, which then counts for all.</summary>
    internal (int Wanted, int Lapsed)? Ask(int perMinute)
    {
        lock (_gate)
        {
            if (_asking)
            {
                return null;
            }

            var lapsed = _lapsed;
            (_asking, _lapsed) = (true, 0);
            _wanted = Math.Min(perMinute / Share, _wanted + Math.Max(1, _wanted));
            return (_wanted, lapsed);
        }
    }

    /// <summary>The answer to the call that asked; 0 when there was none.</summary>
    internal void Granted(int ahead)
    {
        lock (_gate)
        {
            _left = _granted = ahead;
            (_since, _asking) = (time.GetTimestamp(), false);
        }
    }
}
