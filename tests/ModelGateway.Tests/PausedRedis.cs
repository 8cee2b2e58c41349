using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests;

/// <summary>A Redis that takes what it is sent and answers later.</summary>
internal static class PausedRedis
{
    internal static async Task PauseAsync(ControlledServer redis, TimeSpan time)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await connection.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", (long)time.TotalMilliseconds, "ALL");
        // Taking leave would wait for an answer as well.
        await connection.CloseAsync(allowCommandsToComplete: false);
    }

    internal static async Task<string?> FieldAsync(ControlledServer redis, RedisKey key, string field)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        return await connection.GetDatabase().HashGetAsync(key, field);
    }
}
