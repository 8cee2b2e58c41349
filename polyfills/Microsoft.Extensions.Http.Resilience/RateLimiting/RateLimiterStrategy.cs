using System.Threading.RateLimiting;
using Polly.Telemetry;

namespace Polly.RateLimiting;

internal sealed class RateLimiterStrategy : ResilienceStrategy, IDisposable
{
    private readonly Func<RateLimiterArguments, ValueTask<RateLimitLease>> _acquire;
    private readonly Func<OnRateLimiterRejectedArguments, ValueTask>? _onRejected;
    private readonly ResilienceStrategyTelemetry _telemetry;
    private readonly ConcurrencyLimiter? _own;

    public RateLimiterStrategy(RateLimiterStrategyOptions options, ResilienceStrategyTelemetry telemetry)
    {
        _onRejected = options.OnRejected;
        _telemetry = telemetry;
        if (options.RateLimiter is { } acquire)
        {
            _acquire = acquire;
        }
        else
        {
            _own = new ConcurrencyLimiter(options.DefaultRateLimiterOptions);
            _acquire = arguments => _own.AcquireAsync(1, arguments.Context.CancellationToken);
        }
    }

    // Polly disposes the strategies of a pipeline that is replaced.
    public void Dispose() => _own?.Dispose();

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context,
        TState state)
    {
        using var lease = await _acquire(new RateLimiterArguments(context)).ConfigureAwait(context.ContinueOnCapturedContext);
        if (lease.IsAcquired)
        {
            return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }

        var rejection = new OnRateLimiterRejectedArguments(context, lease);
        _telemetry.Report(new ResilienceEvent(ResilienceEventSeverity.Error, "OnRateLimiterRejected"), context, rejection);
        if (_onRejected is not null)
        {
            await _onRejected(rejection).ConfigureAwait(context.ContinueOnCapturedContext);
        }

        return Outcome.FromException<TResult>(lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter)
            ? new RateLimiterRejectedException(retryAfter)
            : new RateLimiterRejectedException());
    }
}
