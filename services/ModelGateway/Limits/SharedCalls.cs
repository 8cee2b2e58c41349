using StackExchange.Redis;

namespace Platform.ModelGateway.Limits;

/// <summary>Runs scripts in Redis under a limit, and leaves it alone for a while after it failed.</summary>
internal sealed partial class SharedCalls(IConnectionMultiplexer redis, TimeProvider time, ILogger<SharedCalls> logger)
{
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Insisting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly long _made = time.GetTimestamp();
    private long _restUntil = long.MinValue;

    /// <summary>Null when Redis cannot be asked now.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="coolDown">How long nobody asks after a failure.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent is executed all the same.</param>
    /// <param name="unheard">Called when the script may have been executed and nobody heard its answer.</param>
    internal async ValueTask<RedisResult[]?> EvaluateAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, TimeSpan limit, TimeSpan coolDown, CancellationToken cancellationToken, Action? unheard = null)
    {
        var began = time.GetTimestamp();
        if (began < Volatile.Read(ref _restUntil))
        {
            return null;
        }

        var isUnheard = false;
        try
        {
            while (true)
            {
                var mayWait = time.GetElapsedTime(_made) < Starting && time.GetElapsedTime(began) < limit;
                try
                {
                    if (redis.IsConnected)
                    {
                        isUnheard = true;
                        var reply = (RedisResult[]?)await redis.GetDatabase().ScriptEvaluateAsync(script, keys, arguments).WaitAsync(limit, time, cancellationToken);
                        isUnheard = false;
                        return reply;
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
        finally
        {
            if (isUnheard)
            {
                unheard?.Invoke();
            }
        }
    }

    /// <summary>
    /// Beside the caller, and also while Redis is left alone: tries until Redis was told, for 10 s. On one connection scripts are executed
    /// in the order in which they were sent, so that this one comes after what it takes back.
    /// </summary>
    internal async Task InsistAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Insisting;)
        {
            try
            {
                await redis.GetDatabase().ScriptEvaluateAsync(script, keys, arguments).WaitAsync(Answering, time);
                return;
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                await Task.Delay(Between, time);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SharedLimitsAway", Level = LogLevel.Warning, Message = "Shared limits cannot be reached ({Error}: {Reason})")]
        internal static partial void Away(ILogger logger, string error, string reason);
    }
}
