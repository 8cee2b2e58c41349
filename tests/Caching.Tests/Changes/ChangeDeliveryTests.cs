using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching.Changes;
using Platform.Caching.Sharing;
using Platform.Caching.Tests.Tiered;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Caching.Tests.Changes;

/// <summary>Three replicas, each with a feed, over a real PostgreSQL with the triggers and a real Redis: what changed is dropped on every one, whatever they missed.</summary>
public sealed class ChangeDeliveryTests(PlatformServers servers, DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    private const string FeedName = "change-delivery-feed";
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly string organization = $"o-{Guid.NewGuid():N}";
    private readonly List<(ChangeFeed Feed, NpgsqlDataSource Source, IConnectionMultiplexer Redis)> running = [];
    private readonly List<Replica> replicas = [];
    private string content = "before";

    private CacheKey Changed => new(organization, "C1");

    private CacheKey Other => new(organization, "C2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(TestData.RepositoryRoot, "services", "Migrations", "ChangeEvents", "change_events.sql"), Token));
        await database.ExecuteAsync($"""
            CREATE OR REPLACE TRIGGER changed_customers AFTER INSERT ON domain.sales_orders REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_change();
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at)
            VALUES ('{organization}', 'C1', 'One', 'EUR', '2020-01-01Z'), ('{organization}', 'C2', 'Two', 'EUR', '2020-01-01Z')
            """);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (feed, source, redis) in running)
        {
            await feed.StopAsync(CancellationToken.None);
            feed.Dispose();
            await source.DisposeAsync();
            redis.Dispose();
        }
    }

    [Fact]
    public async Task Change_Notified_DroppedOnEveryReplicaAndInRedisOthersStay()
    {
        await StartAsync(new ChangeFeedOptions { PollInterval = Never });

        await OrderAsync(await database.Source.OpenConnectionAsync(Token));

        await DroppedEverywhereAsync();
        Assert.All(await Task.WhenAll(replicas.Select(replica => new CacheProbe(replica).CurrentAsync(Other))), kept => Assert.Equal("before", kept));
    }

    [Fact]
    public async Task Change_NotificationLost_FoundByTheNextLook()
    {
        await StartAsync(new ChangeFeedOptions { PollInterval = TimeSpan.FromMilliseconds(200) });

        content = "after";
        await database.ExecuteAsync($"INSERT INTO app.change_events (organization_id, table_name, customer_id) VALUES ('{organization}', 'invoices', 'C1')");

        await DroppedEverywhereAsync();
    }

    [Fact]
    public async Task Change_WhileNobodyCanConnect_MarkedStaleAndCaughtUpAfterwards()
    {
        await StartAsync(new ChangeFeedOptions { PollInterval = Never, MaximumLag = TimeSpan.FromSeconds(1) });
        await using var writer = await database.Source.OpenConnectionAsync(Token);
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(servers.PostgresConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await ExecuteAsync(server, $"ALTER DATABASE \"{writer.Database}\" ALLOW_CONNECTIONS false");
        try
        {
            await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{writer.Database}' AND application_name = '{FeedName}'");
            await OrderAsync(writer);
            await Eventually.HoldsAsync(() => replicas.TrueForAll(replica => replica.Cache.IsBehind));

            Assert.All(await Task.WhenAll(replicas.Select(replica => replica.GetAsync(Changed))), reading => Assert.True(reading.IsStale));
        }
        finally
        {
            await ExecuteAsync(server, $"ALTER DATABASE \"{writer.Database}\" ALLOW_CONNECTIONS true");
        }

        await DroppedEverywhereAsync();
        await Eventually.HoldsAsync(() => replicas.TrueForAll(replica => !replica.Cache.IsBehind));
    }

    private async Task DroppedEverywhereAsync()
    {
        foreach (var replica in replicas)
        {
            await Eventually.HoldsAsync(async () => await new CacheProbe(replica).CurrentAsync(Changed) != "before");
            Assert.Equal("after", (await replica.GetAndSettleAsync(Changed)).Value!.Content);
        }
    }

    // Until all three hold the same two entries and no longer drop what they held before they followed.
    private async Task StartAsync(ChangeFeedOptions options)
    {
        for (var i = 0; i < 3; i++)
        {
            var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = FeedName, MaxPoolSize = 3 }.ConnectionString);
            var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
            var replica = new Replica(
                new RedisTier(redis, "texts", () => TimeSpan.FromHours(24), TimeProvider.System, NullLogger.Instance), new ScriptedSource(ComputeAsync), TimeProvider.System);
            var feed = new ChangeFeed(source, [replica.Cache], () => options, TimeProvider.System, NullLogger<ChangeFeed>.Instance);
            await feed.StartAsync(Token);
            running.Add((feed, source, redis));
            replicas.Add(replica);
        }

        await Eventually.HoldsAsync(() => replicas.TrueForAll(replica => !replica.Cache.IsSharedSuspended));
        foreach (var replica in replicas)
        {
            await replica.GetAndSettleAsync(Changed);
            await replica.GetAndSettleAsync(Other);
        }
    }

    private async Task<SourceResult<Text>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var snapshot = DataSnapshot.Parse(await ChangeOutbox.CurrentSnapshotAsync(connection, cancellationToken));
        return new SourceResult<Text>(new CacheEntry<Text>(new Text(content), "v", snapshot, TimeSpan.Zero), true);
    }

    private async Task OrderAsync(NpgsqlConnection connection)
    {
        content = "after";
        await using var order = new NpgsqlCommand($"""
            INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at)
            VALUES ('{organization}', '{organization}', 'SO-1', 'C1', 'normal', 'delivered', 10, 'EUR', '2025-01-01Z')
            """, connection);
        await order.ExecuteNonQueryAsync(Token);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
