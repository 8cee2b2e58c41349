using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Breakers;

internal enum BreakerPhase
{
    Closed,
    Open,
    HalfOpen,
}

/// <summary>What a breaker is doing, at one moment.</summary>
internal sealed record BreakerSnapshot(BreakerPhase Phase, int Failures, DateTimeOffset? OpenedAt, DateTimeOffset? HalfOpenAt, bool Forced);

/// <summary>
/// Requirement G2 for one provider and endpoint: so many failures within the window open it, after a while one call at a
/// time is let through, so many successes in a row close it, one failure opens it again.
/// </summary>
internal sealed class CircuitBreaker(Func<BreakerOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _failures = new();
    private DateTimeOffset? _openedAt;
    private int _successes;
    private bool _probing;
    private BreakerPhase? _forced;

    /// <summary>True when a call may be made; it must end with <see cref="Succeeded"/>, <see cref="Failed"/> or <see cref="Abandoned"/>.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            switch (Phase())
            {
                case BreakerPhase.Closed:
                    return true;
                case BreakerPhase.HalfOpen when !_probing:
                    _probing = true;
                    return true;
                default:
                    return false;
            }
        }
    }

    internal void Succeeded()
    {
        lock (_gate)
        {
            _probing = false;
            if (_openedAt is not null && Phase() == BreakerPhase.HalfOpen && ++_successes >= options().SuccessesToClose)
            {
                Close();
            }
        }
    }

    internal void Failed()
    {
        lock (_gate)
        {
            _probing = false;
            var now = time.GetUtcNow();
            if (_openedAt is not null)
            {
                // A call that began before the opening must not put the end off.
                if (Phase() == BreakerPhase.HalfOpen)
                {
                    Open(now);
                }

                return;
            }

            _failures.Enqueue(now);
            Forget(now);
            if (_failures.Count >= options().Failures)
            {
                Open(now);
            }
        }
    }

    /// <summary>The call said nothing about the provider, e.g. because the caller left.</summary>
    internal void Abandoned()
    {
        lock (_gate)
        {
            _probing = false;
        }
    }

    /// <summary>Opens or closes it by hand: open holds until it is set again, closed begins afresh.</summary>
    internal void Force(BreakerPhase phase)
    {
        lock (_gate)
        {
            Close();
            if (phase == BreakerPhase.Open)
            {
                _forced = BreakerPhase.Open;
                _openedAt = time.GetUtcNow();
            }
        }
    }

    internal BreakerSnapshot Snapshot()
    {
        lock (_gate)
        {
            Forget(time.GetUtcNow());
            return new BreakerSnapshot(Phase(), _failures.Count, _openedAt, _forced is null ? _openedAt + options().OpenFor : null, _forced is not null);
        }
    }

    private BreakerPhase Phase() =>
        _forced ?? (_openedAt is not { } opened ? BreakerPhase.Closed
            : time.GetUtcNow() - opened >= options().OpenFor ? BreakerPhase.HalfOpen
            : BreakerPhase.Open);

    private void Open(DateTimeOffset now) => (_openedAt, _successes) = (now, 0);

    private void Close()
    {
        (_openedAt, _successes, _forced, _probing) = (null, 0, null, false);
        _failures.Clear();
    }

    private void Forget(DateTimeOffset now)
    {
        while (_failures.TryPeek(out var oldest) && now - oldest > options().Window)
        {
            _failures.Dequeue();
        }
    }
}
