namespace Platform.ModelGateway.Breakers;

/// <summary>The breaker of one provider and endpoint.</summary>
internal sealed class ProviderBreaker(CircuitBreaker local)
{
    internal bool IsOpen => local.Snapshot().Phase == BreakerPhase.Open;

    /// <summary>Leave to make a call; null when there is none.</summary>
    internal ValueTask<BreakerPass?> TryEnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(local.TryEnter() ? new BreakerPass(local) : null);
    }

    internal void Force(BreakerPhase phase) => local.Force(phase);

    internal BreakerSnapshot Snapshot() => local.Snapshot();
}

/// <summary>Leave to make one call, which must end with one of these.</summary>
internal sealed class BreakerPass(CircuitBreaker local)
{
    internal void Succeeded() => local.Succeeded();

    internal void Failed() => local.Failed();

    internal void Abandoned() => local.Abandoned();
}
