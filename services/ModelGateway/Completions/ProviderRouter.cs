using Microsoft.Extensions.Options;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Chooses providers, limits attempts in time and tells the breakers how they went.</summary>
internal sealed partial class ProviderRouter(
    ProviderDirectory directory,
    BreakerRegistry breakers,
    IOptionsMonitor<ModelGatewayOptions> options,
    ModelGatewayMetrics metrics,
    TimeProvider time,
    ILogger<ProviderRouter> logger)
{
    internal IReadOnlyList<ModelProvider> Candidates(ModelCall call) => directory.For(call.LogicalModel, Random.Shared.NextDouble);

    /// <summary>Asks one provider after the other until one answers.</summary>
    internal async Task<TResult> CallAsync<TResult>(
        ModelCall call, string endpoint, Func<ModelProvider, CancellationToken, Task<TResult>> ask, CancellationToken cancellationToken)
    {
        ProviderException? latest = null;
        foreach (var provider in Candidates(call))
        {
            using var attempt = TryBegin(call, provider, endpoint, cancellationToken);
            if (attempt is null)
            {
                continue;
            }

            try
            {
                var result = await ask(provider, attempt.Token);
                attempt.Succeeded();
                return result;
            }
            catch (Exception error) when (attempt.Failed(error) is { } failure)
            {
                latest = failure;
                if (!AnotherMayHelp(failure))
                {
                    break;
                }
            }
        }

        throw latest ?? NothingLeft(call, endpoint);
    }

    /// <summary>An attempt that must be reported; null when the provider's breaker refuses it.</summary>
    internal Attempt? TryBegin(ModelCall call, ModelProvider provider, string endpoint, CancellationToken cancellationToken)
    {
        var breaker = breakers.For(provider.Name, endpoint);
        if (!breaker.TryEnter())
        {
            return null;
        }

        call.Attempts++;
        call.Provider = provider;
        return new Attempt(this, provider.Name, breaker, options.CurrentValue.Model(call.LogicalModel).Timeout, cancellationToken);
    }

    /// <summary>A request that one provider finds wrong, the next would too.</summary>
    internal static bool AnotherMayHelp(ProviderException failure) => failure.Kind != ExternalErrorClass.BadRequest;

    internal ProviderException NothingLeft(ModelCall call, string endpoint)
    {
        var soonest = Candidates(call)
            .Select(provider => breakers.For(provider.Name, endpoint).Snapshot().HalfOpenAt)
            .Where(at => at is not null)
            .Select(at => at!.Value - time.GetUtcNow())
            .DefaultIfEmpty(TimeSpan.Zero)
            .Min();
        return new ProviderException(
            ExternalErrorClass.ConnectionError, "platform", $"no provider of {call.LogicalModel} can be asked now",
            retryAfter: soonest > TimeSpan.Zero ? soonest : null)
        {
            Refused = true,
        };
    }

    /// <summary>One attempt at one provider, under its own limit.</summary>
    internal sealed class Attempt : IDisposable
    {
        private readonly ProviderRouter _owner;
        private readonly string _provider;
        private readonly CircuitBreaker _breaker;
        private readonly CancellationToken _caller;
        private readonly CancellationTokenSource _limit;
        private readonly CancellationTokenSource _either;
        private bool _reported;

        internal Attempt(ProviderRouter owner, string provider, CircuitBreaker breaker, TimeSpan limit, CancellationToken caller)
        {
            (_owner, _provider, _breaker, _caller) = (owner, provider, breaker, caller);
            _limit = new CancellationTokenSource(limit, owner.time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _limit.Token);
        }

        internal CancellationToken Token => _either.Token;

        internal void Succeeded()
        {
            _reported = true;
            _breaker.Succeeded();
            _owner.metrics.Attempted(_provider, "success");
        }

        /// <summary>What went wrong, in the platform's terms; null when the caller left, which says nothing about the provider.</summary>
        internal ProviderException? Failed(Exception error)
        {
            if (_caller.IsCancellationRequested)
            {
                return null;
            }

            var failure = error as ProviderException ?? (error is OperationCanceledException && _limit.IsCancellationRequested
                ? new ProviderException(ExternalErrorClass.Timeout, _provider, "the attempt took too long", error)
                : new ProviderException(ExternalErrors.Classify(error), _provider, "the call failed", error));
            _reported = true;
            if (failure.Kind is ExternalErrorClass.Timeout or ExternalErrorClass.ConnectionError or ExternalErrorClass.ServerError or ExternalErrorClass.UnknownError)
            {
                _breaker.Failed();
            }
            else
            {
                // The provider answered; that it refuses is no outage.
                _breaker.Abandoned();
            }

            _owner.metrics.Attempted(_provider, failure.Kind.Name());
            Log.AttemptFailed(_owner.logger, _provider, failure.Kind.Name(), failure);
            return failure;
        }

        public void Dispose()
        {
            if (!_reported)
            {
                _breaker.Abandoned();
            }

            _either.Dispose();
            _limit.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AttemptFailed", Level = LogLevel.Warning, Message = "An attempt at {Provider} failed: {ErrorClass}")]
        internal static partial void AttemptFailed(ILogger logger, string provider, string errorClass, Exception error);
    }
}
