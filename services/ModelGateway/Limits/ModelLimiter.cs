using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Limits;

/// <summary>
/// A token bucket for each organization and logical model (requirement E3): a minute's calls may come at once, after that one
/// at a time as tokens drip in. Callers wait in the order they came, no longer than their deadline.
/// </summary>
internal sealed class ModelLimiter(IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Organization, string Model), Bucket> _buckets = new();

    /// <summary>Waits for a token.</summary>
    /// <exception cref="ProviderException">Too many wait already, or the deadline would pass first.</exception>
    internal async Task TakeAsync(string organization, string model, TimeSpan? remaining, CancellationToken cancellationToken)
    {
        var configured = options.CurrentValue.Model(model);
        var bucket = _buckets.AddOrUpdate(
            (organization, model),
            _ => new Bucket(configured),
            (_, existing) => existing.Fits(configured) ? existing : new Bucket(configured));
        using var limit = new CancellationTokenSource(remaining ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var lease = await bucket.Limiter.AcquireAsync(1, either.Token);
            if (!lease.IsAcquired)
            {
                throw Refused(model, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : bucket.Period);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused(model, bucket.Period);
        }
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.Limiter.Dispose();
        }
    }

    private static ProviderException Refused(string model, TimeSpan retryAfter) =>
        new(ExternalErrorClass.RateLimit, "platform", $"the calls a minute of {model} are used up", retryAfter: retryAfter) { Refused = true };

    private sealed class Bucket(ModelOptions options)
    {
        internal TimeSpan Period { get; } = TimeSpan.FromMinutes(1.0 / options.RequestsPerMinute);

        internal TokenBucketRateLimiter Limiter { get; } = new(new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestsPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / options.RequestsPerMinute),
            QueueLimit = options.WaitingRequests,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });

        private readonly (int, int) _shape = (options.RequestsPerMinute, options.WaitingRequests);

        internal bool Fits(ModelOptions options) => _shape == (options.RequestsPerMinute, options.WaitingRequests);
    }
}
