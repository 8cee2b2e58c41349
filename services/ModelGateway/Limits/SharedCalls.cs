using StackExchange.Redis;

namespace Platform.ModelGateway.Limits;

/// <summary>Runs scripts in Redis under a limit, and leaves it alone for a while after it failed.</summary>
internal sealed partial class SharedCalls(IConnectionMultiplexer redis, TimeProvider time, ILogger<SharedCalls> logger)
{
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(10);

    private readonly long _made = time.GetTimestamp();
    private long _restUntil = long.MinValue;

    /// <summary>Null when Redis cannot be asked now.</summary>
    internal async ValueTask<RedisResult[]?> EvaluateAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, TimeSpan limit, TimeSpan coolDown, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (began < Volatile.Read(ref _restUntil))
        {
            return null;
        }

        while (true)
        {
            var mayWait = time.GetElapsedTime(_made) < Starting && time.GetElapsedTime(began) < limit;
            try
            {
                if (redis.IsConnected)
                {
                    return (RedisResult[]?)await redis.GetDatabase().ScriptEvaluateAsync(script, keys, arguments).WaitAsync(limit, time, cancellationToken);
                }

                if (!mayWait)
                {
                    return null;
                }
            }
            catch (RedisConnectionException) when (mayWait)
            {
                // It connects beside the start, and the first calls are worth a short wait for it.
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                Volatile.Write(ref _restUntil, time.GetTimestamp() + (long)(coolDown.TotalSeconds * time.TimestampFrequency));
                Log.Away(logger, error.GetType().Name, error.Message.Split('\n')[0]);
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SharedLimitsAway", Level = LogLevel.Warning, Message = "Shared limits cannot be reached ({Error}: {Reason})")]
        internal static partial void Away(ILogger logger, string error, string reason);
    }
}
