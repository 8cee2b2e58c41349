namespace Platform.ModelGateway.Breakers;

/// <summary>
/// The breaker of one provider and endpoint. Calls are let through by what this instance knows, without a word to Redis; failures
/// are told to it, and who may try a half-open provider is asked of it. While it is away this instance decides alone, and brings
/// what it decided when it is back.
/// </summary>
internal sealed class ProviderBreaker(string provider, string endpoint, CircuitBreaker local, SharedBreakers shared, Action<BreakerPhase> changed)
{
    private readonly Lock _gate = new();
    private BreakerPass? _closedPass;
    private BreakerPhase _told = BreakerPhase.Closed;
    private long _version;
    private int _sharedFailures;

    // Counts what this instance decided by itself: a reply to a question from before such a decision is too old to be believed.
    private int _decisions;
    private volatile bool _alone = true;
    private volatile bool _decidedAlone;
    private volatile string? _byHandAlone;

    internal string Provider => provider;

    internal string Endpoint => endpoint;

    /// <summary>True when the latest state could not be shared.</summary>
    internal bool IsLocal => _alone;

    internal bool IsOpen => local.Phase == BreakerPhase.Open;

    private string Name => $"{provider}/{endpoint}";

    /// <summary>Leave to make a call; null when there is none.</summary>
    internal async ValueTask<BreakerPass?> TryEnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (local.Phase)
        {
            case BreakerPhase.Closed:
                return _closedPass ??= new BreakerPass(this, null, shared: false);
            case BreakerPhase.Open:
                return null;
            default:
                var id = NewId();
                if (await AskAsync("enter", id) is { } state)
                {
                    return state.Granted ? new BreakerPass(this, id, shared: true) : null;
                }

                if (local.TryEnter())
                {
                    return new BreakerPass(this, id, shared: false);
                }

                _ = shared.AbandonAsync(Name, id);
                return null;
        }
    }

    /// <summary>Opens or closes it by hand, for every instance.</summary>
    internal async Task ForceAsync(BreakerPhase phase)
    {
        Interlocked.Increment(ref _decisions);
        local.Force(phase);
        var step = phase == BreakerPhase.Open ? "open-by-hand" : "close-by-hand";
        _byHandAlone = await AskAsync(step, "") is null ? step : null;
        Tell();
    }

    /// <summary>Hears what the others agreed on, or brings what was decided while Redis was away.</summary>
    internal async Task SyncAsync()
    {
        var mine = local.Snapshot();
        if (_byHandAlone is { } step)
        {
            _byHandAlone = await AskAsync(step, "") is null ? step : null;
        }
        else if (_decidedAlone)
        {
            _decidedAlone = await AskAsync(mine.Phase == BreakerPhase.Closed ? "read" : "bring", "", local.UntilHalfOpen) is null;
        }
        else if (await AskAsync("read", "") is { Version: 0 } && mine.Phase != BreakerPhase.Closed)
        {
            // Redis came back empty. Another instance may have closed the breaker by hand since the question: that holds.
            await AskAsync(mine.Forced ? "restore-by-hand" : "restore", "", local.UntilHalfOpen);
        }

        Tell();
    }

    internal BreakerSnapshot Snapshot()
    {
        var mine = local.Snapshot();
        return _alone ? mine : mine with { Failures = Math.Max(mine.Failures, Volatile.Read(ref _sharedFailures)) };
    }

    internal void Succeeded(string? id, bool isShared)
    {
        if (id is not null)
        {
            _ = ReportAsync("succeed", id, isShared, local.Succeeded);
        }
    }

    internal void Failed(string? id, bool isShared)
    {
        if (id is null)
        {
            local.Failed(probe: false);
        }

        _ = ReportAsync("fail", id ?? NewId(), isShared || id is null, id is null ? null : () => local.Failed());
        Tell();
    }

    internal void Abandoned(string? id, bool isShared)
    {
        if (id is not null)
        {
            _ = ReportAsync("abandon", id, isShared, local.Abandoned);
        }
    }

    /// <summary>Where Redis gave leave, it hears the end; this instance's own state follows, or stands in when Redis is gone.</summary>
    private async Task ReportAsync(string step, string id, bool isShared, Action? instead)
    {
        if (!isShared || await AskAsync(step, id) is null)
        {
            instead?.Invoke();
            if (instead is not null)
            {
                // Redis may hold the probe all the same: it heard what was asked, and its answer came too late.
                _ = shared.AbandonAsync(Name, id);
            }
        }

        Tell();
    }

    private async Task<SharedBreakerState?> AskAsync(string step, string id, TimeSpan left = default)
    {
        var decisions = Volatile.Read(ref _decisions);
        var state = await shared.StepAsync(step, Name, id, left);
        if (state is null)
        {
            _alone = true;
            Interlocked.Increment(ref _decisions);
        }

        if (state is null || decisions != Volatile.Read(ref _decisions))
        {
            _decidedAlone |= step is "fail" or "succeed";
            return null;
        }

        _alone = false;
        Volatile.Write(ref _sharedFailures, state.Failures);
        lock (_gate)
        {
            // Replies may pass each other; 0 is an empty Redis, which has nothing to say.
            if (state.Version > 0 && state.Version >= _version)
            {
                local.Adopt(state);
            }

            _version = state.Version == 0 ? 0 : Math.Max(_version, state.Version);
        }

        return state;
    }

    private void Tell()
    {
        var phase = local.Phase;
        lock (_gate)
        {
            if (phase == _told)
            {
                return;
            }

            _told = phase;
        }

        changed(phase);
    }

    private static string NewId() => Guid.NewGuid().ToString("n");
}

/// <summary>Leave to make one call, which must end with one of these. Calls through a closed breaker share theirs, which has no id.</summary>
internal sealed class BreakerPass(ProviderBreaker breaker, string? id, bool shared)
{
    internal void Succeeded() => breaker.Succeeded(id, shared);

    internal void Failed() => breaker.Failed(id, shared);

    internal void Abandoned() => breaker.Abandoned(id, shared);
}
