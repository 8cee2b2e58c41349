using Microsoft.Extensions.Hosting;

namespace Aspire.StackExchange.Redis;

/// <summary>A registered Redis client, for what builds on it.</summary>
public sealed class AspireRedisClientBuilder(IHostApplicationBuilder hostBuilder, StackExchangeRedisSettings settings, string? serviceKey)
{
    /// <summary>The host that the client is registered with.</summary>
    public IHostApplicationBuilder HostBuilder { get; } = hostBuilder;

    /// <summary>The settings as bound and changed.</summary>
    public StackExchangeRedisSettings Settings { get; } = settings;

    /// <summary>The key of a keyed client, otherwise null.</summary>
    public string? ServiceKey { get; } = serviceKey;
}
