using System.Diagnostics;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>One attempt at one provider, under its own limit; its end is told to the breaker.</summary>
internal sealed partial class ProviderAttempt : IDisposable
{
    private readonly BreakerPass _pass;
    private readonly AttemptLimits _limits;
    private readonly ModelGatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _leaving;
    private readonly Activity? _span;
    private long _armed;
    private bool _impatient;
    private bool _reported;

    internal ProviderAttempt(
        ModelProvider provider, BreakerPass pass, AttemptLimits limits, ModelGatewayMetrics metrics, TimeProvider time, ILogger logger, CancellationToken caller)
    {
        (Provider, _pass, _limits, _metrics, _time, _logger, _caller) = (provider, pass, limits, metrics, time, logger, caller);
        _armed = time.GetTimestamp();
        _impatient = limits.First < limits.Configured;
        _limit = new CancellationTokenSource(limits.First, time);
        _leaving = caller.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit);
        _span = StartSpan(provider.Name);
    }

    internal ModelProvider Provider { get; }

    internal CancellationToken Token => _limit.Token;

    /// <summary>The provider is waited for: it has until the longest pause, or the call's deadline.</summary>
    internal void Await()
    {
        var (idle, left) = (Provider.Options.IdleTimeout, _limits.Deadline.Remaining);
        _impatient = left < idle;
        _armed = _time.GetTimestamp();
        _limit.CancelAfter(_impatient ? left : idle);
    }

    /// <summary>The reader is at work; how slow it is must not count against the provider.</summary>
    internal void Rest() => _limit.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Somebody else answered first.</summary>
    internal void Cancel() => _limit.Cancel();

    internal void Succeeded()
    {
        _reported = true;
        _pass.Succeeded();
        _metrics.Attempted(Provider.Name, "success");
    }

    /// <summary>What went wrong, in the platform's terms; null when the caller left, which says nothing about the provider.</summary>
    internal ProviderException? Failed(Exception error)
    {
        if (_caller.IsCancellationRequested)
        {
            return null;
        }

        var failure = _limit.IsCancellationRequested ? new ProviderException(ExternalErrorClass.Timeout, Provider.Name, "the attempt took too long", error)
            : error as ProviderException ?? new ProviderException(ExternalErrors.Classify(error), Provider.Name, "the call failed", error);
        _reported = true;
        if (!TellsOfProvider(failure))
        {
            _pass.Abandoned();
        }
        else
        {
            _pass.Failed();
        }

        _metrics.Attempted(Provider.Name, failure.Kind.Name());
        _span?.SetTag("error.type", failure.Kind.Name()).SetStatus(ActivityStatusCode.Error, failure.Kind.Name());
        Log.AttemptFailed(_logger, Provider.Name, failure.Kind.Name(), failure.Message);
        return failure;
    }

    public void Dispose()
    {
        if (!_reported)
        {
            _pass.Abandoned();
        }

        _span?.Dispose();
        _leaving.Dispose();
        _limit.Dispose();
    }

    // Calls to providers carry no trace headers, so that there is no span of the HTTP client. Attempts may run side by side: none is current.
    private static Activity? StartSpan(string provider)
    {
        var current = Activity.Current;
        var span = ModelGatewayMetrics.Source.StartActivity($"attempt {provider}", ActivityKind.Client)?.SetTag("platform.provider", provider);
        Activity.Current = current;
        return span;
    }

    /// <summary>A provider that finds the request wrong, does not know one model, or is asked too often, is up.</summary>
    private bool TellsOfProvider(ProviderException failure) => failure.Kind switch
    {
        ExternalErrorClass.BadRequest or ExternalErrorClass.NotFound or ExternalErrorClass.RateLimit => false,
        ExternalErrorClass.Timeout => !_impatient || _time.GetElapsedTime(_armed) >= _limits.ShortestTimeout,
        _ => true,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AttemptFailed", Level = LogLevel.Warning, Message = "An attempt at {Provider} failed with {ErrorClass}: {Reason}")]
        internal static partial void AttemptFailed(ILogger logger, string provider, string errorClass, string reason);
    }
}

/// <summary>How long an attempt may take.</summary>
/// <param name="Configured">Until the answer, or the first part of a stream, as configured.</param>
/// <param name="First">The same, shortened by the call's deadline or for the sake of another provider.</param>
/// <param name="ShortestTimeout">From when on a shortened limit still tells something about the provider.</param>
/// <param name="Deadline">Of the call.</param>
internal sealed record AttemptLimits(TimeSpan Configured, TimeSpan First, TimeSpan ShortestTimeout, CallDeadline Deadline);
