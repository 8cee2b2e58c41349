using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>One attempt at one provider, under its own limit; its end is told to the breaker.</summary>
internal sealed partial class ProviderAttempt : IDisposable
{
    private readonly string _provider;
    private readonly CircuitBreaker _breaker;
    private readonly ModelGatewayMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;
    private bool _reported;

    internal ProviderAttempt(
        string provider, CircuitBreaker breaker, TimeSpan limit, ModelGatewayMetrics metrics, TimeProvider time, ILogger logger, CancellationToken caller)
    {
        (_provider, _breaker, _metrics, _logger, _caller) = (provider, breaker, metrics, logger, caller);
        _limit = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _limit.Token);
    }

    internal CancellationToken Token => _either.Token;

    internal void Succeeded()
    {
        _reported = true;
        _breaker.Succeeded();
        _metrics.Attempted(_provider, "success");
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

        _metrics.Attempted(_provider, failure.Kind.Name());
        Log.AttemptFailed(_logger, _provider, failure.Kind.Name(), failure);
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

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AttemptFailed", Level = LogLevel.Warning, Message = "An attempt at {Provider} failed: {ErrorClass}")]
        internal static partial void AttemptFailed(ILogger logger, string provider, string errorClass, Exception error);
    }
}
