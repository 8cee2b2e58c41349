using Microsoft.Extensions.Logging;

namespace Platform.Caching;

/// <summary>
/// What every call of a lower tier goes through: its own limit, a breaker, counts. A fault is counted and never thrown, whatever its type:
/// a tier's client has faults of its own, and nobody's question may fail by what is only there to be quicker.
/// </summary>
internal sealed partial class TierGuard(string cache, string tier, TierBreaker breaker, CacheMetrics metrics, TimeProvider clock, ILogger logger)
{
    public string Tier { get; } = tier;

    public void Count(string operation, string result) => metrics.Counter(cache, Tier, operation, result).Add();

    /// <returns>Whether the call ended in time and without a fault, and what it returned.</returns>
    public async ValueTask<(bool Done, T? Value)> TryAsync<T>(string operation, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (!breaker.TryEnter())
        {
            Count(operation, "skipped");
            return (false, default);
        }

        using var timer = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            // Redis calls do not take the token: the wait ends, the reply is dropped when it comes.
            var value = await call(linked.Token).WaitAsync(linked.Token);
            breaker.Succeeded();
            return (true, value);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            breaker.Failed();
            Count(operation, "error");
            Log.TierFailed(logger, exception, Tier, operation, cache);
            return (false, default);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 11, EventName = "CacheTierFailed", Level = LogLevel.Warning, Message = "{Tier} did not {Operation} for the cache {Cache}")]
        public static partial void TierFailed(ILogger logger, Exception exception, string tier, string operation, string cache);
    }
}
