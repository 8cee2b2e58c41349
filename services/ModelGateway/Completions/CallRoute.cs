using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// The way of one call through its providers: each is asked once, in their order; then the one that can be asked soonest again
/// (requirement G3), as long as attempts, budget and deadline allow. What one provider finds wrong with a request, the next would.
/// </summary>
internal sealed partial class CallRoute(ProviderRouter router, ModelCall call, string endpoint, bool streamed, IReadOnlyList<ModelProvider> candidates, CallDeadline deadline, CancellationToken caller)
{
    private readonly Leg[] _legs = [.. candidates.Select(provider => new Leg(provider))];
    private ProviderException? _latest;

    internal CallDeadline Deadline => deadline;

    internal string Endpoint => endpoint;

    internal bool Streamed => streamed;

    internal CancellationToken Caller => caller;

    internal ModelCall Call => call;

    /// <summary>Asks until one provider answers. The attempt is the caller's to end.</summary>
    /// <exception cref="ProviderException">None did.</exception>
    internal Task<(TAnswer Answer, ProviderAttempt Attempt)> AskAsync<TAnswer>(Func<ProviderAttempt, Task<TAnswer>> ask) =>
        _legs.Length > 1 && router.HedgeAfter is { } after ? AskHedgedAsync(ask, after) : AskOneAsync(ask);

    /// <summary>A stream broke off; true when another provider may begin anew.</summary>
    internal bool MayRestart(ProviderAttempt broken, ProviderException failure)
    {
        var leg = Array.Find(_legs, leg => leg.Provider == broken.Provider)!;
        Note(leg, failure);
        leg.Over = true;
        return deadline.Remaining > TimeSpan.Zero && Array.Exists(_legs, other => !other.Over && !router.IsOpen(other.Provider, endpoint));
    }

    private async Task<(TAnswer Answer, ProviderAttempt Attempt)> AskOneAsync<TAnswer>(Func<ProviderAttempt, Task<TAnswer>> ask)
    {
        while (true)
        {
            var (leg, attempt) = await NextAsync();
            var kept = false;
            try
            {
                var answer = await ask(attempt);
                kept = true;
                return (answer, attempt);
            }
            catch (Exception error) when (attempt.Failed(error) is { } failure)
            {
                if (failure.Kind == ExternalErrorClass.BadRequest)
                {
                    throw failure;
                }

                Note(leg, failure);
            }
            finally
            {
                if (!kept)
                {
                    attempt.Dispose();
                }
            }
        }
    }

    private async Task<(Leg Leg, ProviderAttempt Attempt)> NextAsync()
    {
        foreach (var leg in _legs)
        {
            if (!leg.Over && leg.Failures == 0 && deadline.Remaining > TimeSpan.Zero && await TryBeginAsync(leg, paid: false) is { } attempt)
            {
                return (leg, attempt);
            }
        }

        while (Soonest() is { } leg && router.MayRepeat(call, leg.Wait(deadline), deadline))
        {
            if (await TryBeginPaidAsync(leg, leg.Wait(deadline)) is { } attempt)
            {
                return (leg, attempt);
            }

            leg.Over = true;
        }

        throw _latest ?? router.NothingLeft(this, candidates);
    }

    private ValueTask<ProviderAttempt?> TryBeginAsync(Leg leg, bool paid) =>
        router.TryBeginAsync(this, leg.Provider, Array.Exists(_legs, other => other != leg && !other.Over && other.Failures == 0 && !router.IsOpen(other.Provider, endpoint)), paid);

    /// <summary>What the budget paid for an attempt that is not made goes back, also when the caller leaves meanwhile.</summary>
    private async ValueTask<ProviderAttempt?> TryBeginPaidAsync(Leg leg, TimeSpan wait)
    {
        ProviderAttempt? attempt = null;
        try
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, router.Time, caller);
            }

            attempt = await TryBeginAsync(leg, paid: true);
            return attempt;
        }
        finally
        {
            if (attempt is null)
            {
                router.NotRepeated();
            }
        }
    }

    private Leg? Soonest() => _legs.Where(leg => !leg.Over && leg.Failures > 0).MaxBy(leg => leg.ReadyWhenLeft);

    private void Note(Leg leg, ProviderException failure)
    {
        _latest = failure;
        leg.Failures++;
        leg.Over |= !failure.Repeatable;
        leg.ReadyWhenLeft = deadline.Remaining - (failure.RetryAfter ?? router.Backoff(leg.Failures));
        router.Rests.Note(leg.Provider.Name, endpoint, leg.Provider.ModelFor(call.LogicalModel), failure);
    }

    private sealed class Leg(ModelProvider provider)
    {
        internal ModelProvider Provider { get; } = provider;

        internal int Failures { get; set; }

        /// <summary>It is not asked again for this call.</summary>
        internal bool Over { get; set; }

        /// <summary>It may be asked again when so much of the call's time is left.</summary>
        internal TimeSpan ReadyWhenLeft { get; set; }

        internal TimeSpan Wait(CallDeadline deadline) => deadline.Remaining - ReadyWhenLeft;
    }
}
