using Microsoft.Extensions.Options;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Chooses providers, limits calls and attempts in time, and tells the breakers how they went.</summary>
internal sealed class ProviderRouter(
    ProviderDirectory directory,
    BreakerRegistry breakers,
    ProviderRests rests,
    RetryBudget budget,
    IOptionsMonitor<ModelGatewayOptions> options,
    IRequestContextAccessor accessor,
    ModelGatewayMetrics metrics,
    TimeProvider time,
    ILogger<ProviderRouter> logger)
{
    internal TimeProvider Time => time;

    internal ProviderRests Rests => rests;

    /// <summary>How slow a provider must be before another is asked too; null: never.</summary>
    internal TimeSpan? HedgeAfter => options.CurrentValue.Failover.HedgeAfter;

    internal bool Serves(ModelCall call) => directory.Serves(call.LogicalModel);

    /// <summary>The way of a call that begins now.</summary>
    internal CallRoute Begin(ModelCall call, string endpoint, bool streamed, CancellationToken cancellationToken)
    {
        budget.Earn();
        var candidates = directory.For(call.LogicalModel, Random.Shared.NextDouble);
        if (candidates.Count > 1 && !rests.IsEmpty)
        {
            candidates = [.. candidates.OrderBy(provider => rests.Rests(provider.Name, endpoint, provider.ModelFor(call.LogicalModel)))];
        }

        var deadline = CallDeadline.Of(time, options.CurrentValue.Model(call.LogicalModel).TotalTimeout, accessor.Current.Remaining(time));
        return new CallRoute(this, call, endpoint, streamed, candidates, deadline, cancellationToken);
    }

    /// <summary>Asks one provider after the other until one answers.</summary>
    internal async Task<TAnswer> CallAsync<TAnswer>(
        ModelCall call, string endpoint, Func<ModelProvider, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        var (answer, attempt) = await Begin(call, endpoint, streamed: false, cancellationToken).AskAsync(attempt => ask(attempt.Provider, attempt.Token));
        using (attempt)
        {
            attempt.Succeeded();
            return answer;
        }
    }

    /// <summary>An attempt that must be ended; null when the provider's breaker refuses it.</summary>
    /// <param name="route">The call.</param>
    /// <param name="provider">Whom to ask.</param>
    /// <param name="anotherIsLeft">Somebody else could still be asked, and needs time for it.</param>
    /// <param name="paid">The budget was asked already.</param>
    internal async ValueTask<ProviderAttempt?> TryBeginAsync(CallRoute route, ModelProvider provider, bool anotherIsLeft, bool paid)
    {
        if (await breakers.For(provider.Name, route.Endpoint).TryEnterAsync(route.Caller) is not { } pass)
        {
            return null;
        }

        if (route.Call.Attempts++ > 0 && !paid)
        {
            budget.Spend();
        }

        route.Call.Provider = provider;
        var settings = options.CurrentValue;
        var configured = route.Streamed ? provider.Options.FirstTokenTimeout : settings.Model(route.Call.LogicalModel).Timeout;
        var left = route.Deadline.Remaining;
        var most = anotherIsLeft ? left * settings.Failover.AttemptShare : left;
        var limits = new AttemptLimits(configured, most < configured ? most : configured, settings.Breaker.ShortestTimeout, route.Deadline);
        return new ProviderAttempt(provider, pass, limits, metrics, time, logger, route.Caller);
    }

    internal bool IsOpen(ModelProvider provider, string endpoint) => breakers.For(provider.Name, endpoint).IsOpen;

    /// <summary>Whether a call may ask a provider again after the wait; the budget has paid for it then.</summary>
    internal bool MayRepeat(ModelCall call, TimeSpan wait, CallDeadline deadline)
    {
        var retry = options.CurrentValue.Retry;
        return call.Attempts < retry.MaximumAttempts && wait <= retry.MaximumDelay && wait < deadline.Remaining && budget.TrySpend();
    }

    /// <summary>Whether the budget pays for a second provider.</summary>
    internal bool MayHedge() => budget.TrySpend();

    /// <summary>The repetition that was paid for was not made.</summary>
    internal void NotRepeated() => budget.Return();

    internal TimeSpan Backoff(int failures) => Backoff(options.CurrentValue.Retry, failures, Random.Shared.NextDouble());

    /// <summary>base × factor^(attempt − 1), at most the cap, times 0.5 to 1.5.</summary>
    internal static TimeSpan Backoff(RetryOptions policy, int attempt, double random)
    {
        var grown = Math.Min(policy.BaseDelay.TotalMilliseconds * Math.Pow(policy.Factor, attempt - 1), policy.MaximumDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Min(grown * (0.5 + random), policy.MaximumDelay.TotalMilliseconds));
    }

    internal ProviderException NothingLeft(CallRoute route, IReadOnlyList<ModelProvider> candidates)
    {
        if (route.Deadline.Remaining == TimeSpan.Zero)
        {
            return new ProviderException(ExternalErrorClass.Timeout, "platform", "the deadline passed before a provider could be asked") { Refused = true };
        }

        var soonest = candidates
            .Select(provider => breakers.For(provider.Name, route.Endpoint).Snapshot().HalfOpenAt)
            .Where(at => at is not null)
            .Select(at => at!.Value - time.GetUtcNow())
            .DefaultIfEmpty(TimeSpan.Zero)
            .Min();
        return new ProviderException(
            ExternalErrorClass.ConnectionError, "platform", $"no provider of {route.Call.LogicalModel} can be asked now",
            retryAfter: soonest > TimeSpan.Zero ? soonest : null)
        {
            Refused = true,
        };
    }
}
