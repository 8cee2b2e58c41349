namespace AspireClients.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats until the attempt succeeds; the last failure is thrown at the limit.</summary>
    public static async Task<T> SucceedsAsync<T>(Func<Task<T>> attempt, Func<T, bool> accepted, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var result = await attempt();
                if (accepted(result))
                {
                    return result;
                }

                if (TimeProvider.System.GetElapsedTime(start) > Limit)
                {
                    throw new TimeoutException($"Still {result} after {Limit.TotalSeconds} s.");
                }
            }
            catch (StackExchange.Redis.RedisException) when (TimeProvider.System.GetElapsedTime(start) < Limit)
            {
                // The server may still be on its way back.
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
