using Microsoft.Extensions.Options;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Chooses providers, limits attempts in time and tells the breakers how they went.</summary>
internal sealed class ProviderRouter(
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
    internal ProviderAttempt? TryBegin(ModelCall call, ModelProvider provider, string endpoint, CancellationToken cancellationToken)
    {
        var breaker = breakers.For(provider.Name, endpoint);
        if (!breaker.TryEnter())
        {
            return null;
        }

        call.Attempts++;
        call.Provider = provider;
        return new ProviderAttempt(provider.Name, breaker, options.CurrentValue.Model(call.LogicalModel).Timeout, metrics, time, logger, cancellationToken);
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
}
