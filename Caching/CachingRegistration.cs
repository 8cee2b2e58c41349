using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.Caching.Sharing;
using StackExchange.Redis;

namespace Platform.Caching;

/// <summary>What makes a cache.</summary>
/// <param name="Name">Part of its keys and a tag of its metrics, e.g. "patterns".</param>
/// <param name="Source">Makes what no tier has.</param>
/// <param name="Format">The value as bytes.</param>
/// <param name="Durable">L3, if it has one.</param>
/// <param name="Options">Read at every use: they may change while running.</param>
public sealed record CacheDefinition<TValue>(string Name, ICacheSource<TValue> Source, ICacheFormat<TValue> Format, IDurableTier<TValue>? Durable, Func<CacheOptions> Options)
    where TValue : class
{
    /// <summary>Which entries a change of the data outdates: those of its customer, or of all customers of the tenant, unless said otherwise.</summary>
    public Func<DataChange, IReadOnlyList<CacheKey>> Outdated { get; init; } =
        change => [change.IsWhole ? CacheKey.Whole(change.OrganizationId) : new CacheKey(change.OrganizationId, change.CustomerId)];

    /// <summary>Builds the cache.</summary>
    /// <param name="redis">L2; null: there is none.</param>
    /// <param name="metrics">Shared by the caches of a process.</param>
    /// <param name="clock">Expiry follows its monotonic side only.</param>
    /// <param name="random">Spreads expiry and samples victims.</param>
    /// <param name="logger">Told of faults.</param>
    public TieredCache<TValue> Build(IConnectionMultiplexer? redis, CacheMetrics metrics, TimeProvider clock, Random random, ILogger logger) =>
        new(this, redis is null ? null : new RedisTier(redis, Name, () => Options().Freshness, clock, logger), metrics, clock, random, logger);
}

public static class CachingRegistration
{
    /// <summary>Registers <see cref="TieredCache{TValue}"/>, and what hears the other replicas.</summary>
    public static IServiceCollection AddTieredCache<TValue>(this IServiceCollection services, Func<IServiceProvider, CacheDefinition<TValue>> define)
        where TValue : class
    {
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => define(provider).Build(
            provider.GetRequiredService<IConnectionMultiplexer>(), provider.GetRequiredService<CacheMetrics>(), provider.GetRequiredService<TimeProvider>(),
            new Random(), provider.GetRequiredService<ILogger<TieredCache<TValue>>>()));
        services.AddSingleton<IChangeFollower>(provider => provider.GetRequiredService<TieredCache<TValue>>());
        services.AddHostedService<Listener<TValue>>();
        return services;
    }

    /// <summary>Brings changes of the data to every cache of the process.</summary>
    public static IServiceCollection AddChangeFeed(this IServiceCollection services, Func<IServiceProvider, Func<ChangeFeedOptions>> options) =>
        services.AddHostedService(provider => new ChangeFeed(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetServices<IChangeFollower>(), options(provider), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChangeFeed>>()));

    private sealed class Listener<TValue>(TieredCache<TValue> cache) : BackgroundService
        where TValue : class
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => cache.ListenAsync(stoppingToken);
    }
}
