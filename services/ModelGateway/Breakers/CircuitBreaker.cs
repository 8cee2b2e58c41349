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
/// Requirement G2 for one provider and endpoint, as one instance sees it: so many failures within the window open it, after a
/// while a few calls at a time are let through, so many successes in a row close it, one failure opens it again. Durations are
/// measured by a monotonic clock, so that setting the machine's clock neither opens nor closes anything.
/// </summary>
internal sealed class CircuitBreaker(Func<BreakerOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _failures = new();
    private long? _halfOpenFrom;
    private DateTimeOffset _openedAt;
    private int _successes;
    private int _probing;
    private bool _forced;

    internal BreakerPhase Phase
    {
        get
        {
            lock (_gate)
            {
                return Current();
            }
        }
    }

    /// <summary>Time until calls are tried; zero when they are already, and while it is held open by hand.</summary>
    internal TimeSpan UntilHalfOpen
    {
        get
        {
            lock (_gate)
            {
                return _halfOpenFrom is { } from && !_forced && time.GetElapsedTime(time.GetTimestamp(), from) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>True when a call may be made; it must end with <see cref="Succeeded"/>, <see cref="Failed"/> or <see cref="Abandoned"/>.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            switch (Current())
            {
                case BreakerPhase.Closed:
                    return true;
                case BreakerPhase.HalfOpen when _probing < options().Probes:
                    _probing++;
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
            Leave();
            if (Current() == BreakerPhase.HalfOpen && ++_successes >= options().SuccessesToClose)
            {
                Close();
            }
        }
    }

    /// <param name="probe">False for a call that began while the breaker was closed: whatever it finds, it is old by then.</param>
    internal void Failed(bool probe = true)
    {
        lock (_gate)
        {
            var phase = Current();
            if (phase == BreakerPhase.HalfOpen && probe)
            {
                Open(options().OpenFor);
            }
            else if (phase == BreakerPhase.Closed)
            {
                _failures.Enqueue(time.GetTimestamp());
                Forget();
                if (_failures.Count >= options().Failures)
                {
                    Open(options().OpenFor);
                }
            }
            else if (probe)
            {
                Leave();
            }
        }
    }

    /// <summary>The call said nothing about the provider, e.g. because the caller left.</summary>
    internal void Abandoned()
    {
        lock (_gate)
        {
            Leave();
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
                Open(TimeSpan.Zero);
                _forced = true;
            }
        }
    }

    /// <summary>Takes over what all instances agreed on.</summary>
    internal void Adopt(SharedBreakerState shared)
    {
        lock (_gate)
        {
            if (shared.Phase == BreakerPhase.Closed)
            {
                if (_halfOpenFrom is not null)
                {
                    Close();
                }

                return;
            }

            Open(shared.UntilHalfOpen);
            (_openedAt, _forced, _successes) = (shared.OpenedAt, shared.Forced, shared.Successes);
        }
    }

    internal BreakerSnapshot Snapshot()
    {
        lock (_gate)
        {
            Forget();
            return new BreakerSnapshot(
                Current(),
                _failures.Count,
                _halfOpenFrom is null ? null : _openedAt,
                _halfOpenFrom is { } from && !_forced ? time.GetUtcNow() + time.GetElapsedTime(time.GetTimestamp(), from) : null,
                _forced);
        }
    }

    private BreakerPhase Current() =>
        _forced ? BreakerPhase.Open
        : _halfOpenFrom is not { } from ? BreakerPhase.Closed
        : time.GetTimestamp() >= from ? BreakerPhase.HalfOpen
        : BreakerPhase.Open;

    private void Open(TimeSpan openFor)
    {
        _halfOpenFrom = time.GetTimestamp() + (long)(openFor.TotalSeconds * time.TimestampFrequency);
        (_openedAt, _successes, _probing, _forced) = (time.GetUtcNow(), 0, 0, false);
    }

    private void Close()
    {
        (_halfOpenFrom, _successes, _forced, _probing) = (null, 0, false, 0);
        _failures.Clear();
    }

    private void Leave() => _probing = Math.Max(0, _probing - 1);

    private void Forget()
    {
        while (_failures.TryPeek(out var oldest) && time.GetElapsedTime(oldest) > options().Window)
        {
            _failures.Dequeue();
        }
    }
}
