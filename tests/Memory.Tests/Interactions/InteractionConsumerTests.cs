using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Memory.V1;
using Platform.Memory.Interactions;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Memory.Tests.Interactions;

/// <summary>The consumer on a real Redis; each test has a stream and a database of its own.</summary>
public sealed class InteractionConsumerTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly string _stream = $"test:memory:{Guid.NewGuid():N}";
    private readonly List<IAsyncDisposable> _running = [];
    private string _connectionString = "";
    private ConnectionMultiplexer? _redis;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDatabase Redis => _redis!.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await MemoryDatabase.CreateAsync(servers, Token);
        _redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var consumer in _running)
        {
            await consumer.DisposeAsync();
        }

        await Redis.ExecuteAsync("DEL", _stream, _stream + ":dead");
        _redis!.Dispose();
    }

    [Fact]
    public async Task Consume_QueuedBeforeTheStart_IsRecordedAndAcknowledged()
    {
        await PublishAsync(Event("r1"));
        await PublishAsync(Event("r2"));
        await StartAsync();
        await RecordedAsync(2);
        await Eventually.HoldsAsync(async () => await PendingAsync() == 0, "all are acknowledged");
    }

    [Fact]
    public async Task Consume_DeliveredTwice_HasOneEffect()
    {
        await StartAsync();
        await PublishAsync(Event("r1"));
        await PublishAsync(Event("r1"));
        await PublishAsync(Event("r2"));
        await RecordedAsync(2);
        Assert.Equal(2, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.memories", Token));
    }

    [Fact]
    public async Task Consume_OrganizationOfTheEntry_Rules()
    {
        await StartAsync();
        await PublishAsync(Event("r1"), organization: "other");
        await RecordedAsync(1);
        Assert.Equal(1, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.interactions WHERE organization_id = 'other'", Token));
    }

    [Fact]
    public async Task Consume_PoisonEntries_AreSetAsideAndTheOthersGoOn()
    {
        await StartAsync();
        await PublishAsync([0xff, 0xff, 0xff]);
        await PublishAsync(new Interaction { RequestId = "r0" }.ToByteArray());
        await PublishAsync(Event("r1"));
        await RecordedAsync(1);
        await Eventually.HoldsAsync(async () => await LengthAsync(_stream + ":dead") == 2, "both are set aside");
        await Eventually.HoldsAsync(async () => await PendingAsync() == 0, "all are acknowledged");
        var dead = ((RedisResult[])(await Redis.ExecuteAsync("XRANGE", _stream + ":dead", "-", "+"))!).Select(e => ((RedisResult[])((RedisResult[])e!)[1]!).Select(f => (string)f!).ToList()).ToList();
        Assert.All(dead, fields => Assert.Equal("3", fields[fields.IndexOf("deliveries") + 1]));
        Assert.Contains("no readable interaction", dead[0]);
    }

    [Fact]
    public async Task Consume_LeftByAStoppedConsumer_IsTakenOver()
    {
        await PublishAsync(Event("r1"));
        await Redis.ExecuteAsync("XGROUP", "CREATE", _stream, "memory", "0", "MKSTREAM");
        await Redis.ExecuteAsync("XREADGROUP", "GROUP", "memory", "crashed", "COUNT", "1", "STREAMS", _stream, ">");
        Assert.Equal(1, await PendingAsync());
        await StartAsync();
        await RecordedAsync(1);
        await Eventually.HoldsAsync(async () => await PendingAsync() == 0, "it is acknowledged");
    }

    [Fact]
    public async Task Stop_WhatWasReadAndLingers_IsRecordedBefore()
    {
        await StartAsync(linger: TimeSpan.FromMinutes(1));
        await PublishAsync(Event("r1"));
        await PublishAsync(Event("r2"));
        await Eventually.HoldsAsync(async () => await PendingAsync() > 0, "some are read");
        Assert.Equal(0, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.interactions", Token));
        var read = await PendingAsync();

        await _running[0].DisposeAsync();
        _running.Clear();

        Assert.Equal(read, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.interactions", Token));
        Assert.Equal(0, await PendingAsync());
    }

    [Fact]
    public async Task Consume_TwoReplicas_ShareTheWork()
    {
        await StartAsync();
        await StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await PublishAsync(Event($"r{i}"));
        }

        await RecordedAsync(100);
        Assert.Equal(100, await MemoryDatabase.CountAsync(_connectionString, "SELECT turns FROM app.conversations", Token));
    }

    [Fact]
    public async Task Consume_StreamLost_IsCreatedAnew()
    {
        await StartAsync();
        await PublishAsync(Event("r1"));
        await RecordedAsync(1);
        await Redis.ExecuteAsync("DEL", _stream);
        await PublishAsync(Event("r2"));
        await RecordedAsync(2);
    }

    [Fact]
    public async Task Consume_DatabaseRefusingForAWhile_LosesNothing()
    {
        await MemoryDatabase.ExecuteAsync(_connectionString, "ALTER TABLE app.interactions RENAME TO interactions_away", Token);
        var state = await StartAsync();
        await PublishAsync(Event("r1"));
        await Eventually.HoldsAsync(() => Task.FromResult(state.Trouble?.Contains("database", StringComparison.Ordinal) == true), "the trouble is told");
        await MemoryDatabase.ExecuteAsync(_connectionString, "ALTER TABLE app.interactions_away RENAME TO interactions", Token);
        await RecordedAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(state.Trouble is null), "it reads again");
        Assert.Equal(0, await LengthAsync(_stream + ":dead"));
    }

    [Fact]
    public async Task Consume_RedisAway_IsDegradedAndReadsWhenItReturns()
    {
        await using var own = await PlatformServers.StartOwnRedisAsync(Token);
        using var client = await ConnectionMultiplexer.ConnectAsync(own.ConnectionString + ",abortConnect=false");
        var state = await StartAsync(own.ConnectionString);
        await Eventually.HoldsAsync(() => Task.FromResult(state.Trouble is null), "it reads");
        await own.StopAsync(Token);
        await Eventually.HoldsAsync(() => Task.FromResult(state.Trouble is not null), "it is degraded");
        await own.StartAsync(Token);
        await Eventually.HoldsAsync(() => Task.FromResult(state.Trouble is null), "it reads again");
        await Eventually.HoldsAsync(() => Task.FromResult(client.IsConnected), "the client is connected");
        await client.GetDatabase().ExecuteAsync("XADD", _stream, "*", "data", Event("r1"), "organization", "default");
        await RecordedAsync(1);
    }

    [Fact]
    public async Task Measure_EntriesThatNobodyRecorded_AreTheBacklogWithTheAgeOfTheOldest()
    {
        await StartAsync();
        await PublishAsync(Event("r1"));
        await RecordedAsync(1);
        var stream = new InteractionStream(_redis!, new FixedOptions<StreamOptions>(new StreamOptions { Name = _stream }));
        await Eventually.HoldsAsync(async () => (await stream.MeasureAsync(TimeProvider.System.GetUtcNow(), Token)) is { Waiting: 0 } idle && idle.Lag == TimeSpan.Zero, "nothing waits");

        foreach (var consumer in _running)
        {
            await consumer.DisposeAsync();
        }

        _running.Clear();
        await PublishAsync(Event("r2"));
        await PublishAsync(Event("r3"));
        await Redis.ExecuteAsync("XREADGROUP", "GROUP", "memory", "gone", "COUNT", "1", "STREAMS", _stream, ">");

        var backlog = await stream.MeasureAsync(TimeProvider.System.GetUtcNow().AddSeconds(90), Token);

        Assert.Equal(2, backlog.Waiting);
        Assert.InRange(backlog.Lag, TimeSpan.FromSeconds(85), TimeSpan.FromSeconds(120));
    }

    private static byte[] Event(string request) => InteractionRecorderTests.Interaction(request, 0, "C-1").ToByteArray();

    private Task PublishAsync(byte[] data, string organization = "default") =>
        Redis.ExecuteAsync("XADD", _stream, "MAXLEN", "~", "100000", "*", "data", data, "organization", organization);

    private async Task<ConsumerState> StartAsync(string? redis = null, TimeSpan? linger = null)
    {
        var services = MemoryDatabase.Services(_connectionString);
        services.Configure<StreamOptions>(options =>
        {
            options.Name = _stream;
            options.DeadName = _stream + ":dead";
            options.Linger = linger ?? options.Linger;
            options.Block = TimeSpan.FromMilliseconds(50);
            options.ClaimAfter = TimeSpan.FromMilliseconds(200);
            options.ClaimInterval = TimeSpan.FromMilliseconds(50);
            options.MaxPause = TimeSpan.FromMilliseconds(500);
        });
        services.AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect((redis ?? servers.RedisConnectionString) + ",abortConnect=false"));
        services.AddSingleton<InteractionStream>();
        services.AddSingleton(provider => new Lazy<InteractionStream>(provider.GetRequiredService<InteractionStream>));
        services.AddSingleton<InteractionConsumer>();
        var provider = services.BuildServiceProvider();
        var consumer = provider.GetRequiredService<InteractionConsumer>();
        await consumer.StartAsync(Token);
        _running.Add(new Running(provider, consumer));
        return provider.GetRequiredService<ConsumerState>();
    }

    private Task RecordedAsync(long count) => Eventually.HoldsAsync(
        async () => await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.interactions", Token) == count, $"{count} are recorded");

    private async Task<long> PendingAsync() => (long)((RedisResult[])(await Redis.ExecuteAsync("XPENDING", _stream, "memory"))!)[0];

    private async Task<long> LengthAsync(string stream) => (long)await Redis.ExecuteAsync("XLEN", stream);

    private sealed class Running(ServiceProvider services, InteractionConsumer consumer) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await consumer.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
        }
    }
}
