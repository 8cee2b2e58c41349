using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using StackExchange.Redis;
using Xunit;

namespace AspireClients.Tests;

public sealed class RedisClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddRedisClient_ServerThere_Works()
    {
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder => builder.AddRedisClient("cache"));
        await host.StartAsync(Cancellation);

        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await database.StringSetAsync("key", "value");

        Assert.Equal("value", await database.StringGetAsync("key"));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "StackExchange.Redis"));
    }

    [Fact]
    public async Task AddRedisClient_ServerAway_StartsIsUnhealthyAndConnectsWhenItComes()
    {
        using var server = new RedisServer();
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder => builder.AddRedisClient("cache", settings => settings.DisableAutoActivation = false));

        await host.StartAsync(Cancellation);
        var away = await HealthAsync(host, "StackExchange.Redis");
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await Assert.ThrowsAnyAsync<RedisException>(() => database.StringGetAsync("key"));
        await server.StartAsync(Cancellation);
        await Eventually.SucceedsAsync(() => database.StringSetAsync("key", "value"), set => set, Cancellation);
        var there = await HealthAsync(host, "StackExchange.Redis");

        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (away, there));
    }

    [Fact]
    public async Task AddRedisClient_ServerGoesAndComes_Reconnects()
    {
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder => builder.AddRedisClient("cache"));
        await host.StartAsync(Cancellation);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await database.StringSetAsync("key", "before");

        server.Stop();
        var away = await Eventually.SucceedsAsync(() => HealthAsync(host, "StackExchange.Redis"), health => health != HealthStatus.Healthy, Cancellation);
        await server.StartAsync(Cancellation);
        await Eventually.SucceedsAsync(() => database.StringSetAsync("key", "after"), set => set, Cancellation);

        Assert.Equal(HealthStatus.Unhealthy, away);
        Assert.Equal("after", await database.StringGetAsync("key"));
    }

    [Fact]
    public void AddRedisClient_NoConnectionString_NamesTheKey()
    {
        using var host = Build([], builder => builder.AddRedisClient("cache"));

        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());

        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRedisClient_Settings_AreBoundFromBothSectionsAndCode()
    {
        StackExchangeRedisSettings? seen = null;
        using var host = Build(
            new()
            {
                ["Aspire:StackExchange:Redis:ConnectionString"] = "general:1",
                ["Aspire:StackExchange:Redis:DisableTracing"] = "true",
                ["Aspire:StackExchange:Redis:cache:DisableHealthChecks"] = "true",
                ["Aspire:StackExchange:Redis:cache:ConnectionString"] = "named:2",
            },
            builder => builder.AddRedisClient("cache", settings => seen = settings));

        Assert.Equal("named:2", seen?.ConnectionString);
        Assert.True(seen?.DisableTracing);
        Assert.True(seen?.DisableHealthChecks);
        Assert.Null(host.Services.GetService<HealthCheckService>());
        Assert.Null(host.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void AddRedisClient_ConfigurationOptions_AreParsedBoundAndConfigured()
    {
        using var host = Build(
            new()
            {
                ["ConnectionStrings:cache"] = "127.0.0.1:1,connectTimeout=1234",
                ["Aspire:StackExchange:Redis:ConfigurationOptions:ClientName"] = "platform",
                ["Aspire:StackExchange:Redis:cache:ConfigurationOptions:KeepAlive"] = "17",
            },
            builder => builder.AddRedisClient("cache", configureOptions: options => options.SyncTimeout = 77));

        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ConfigurationOptions>>().Value;

        Assert.Equal((1234, "platform", 17, 77, false), (options.ConnectTimeout, options.ClientName, options.KeepAlive, options.SyncTimeout, options.AbortOnConnectFail));
    }

    [Fact]
    public async Task AddKeyedRedisClient_TwoServers_AreApart()
    {
        using var one = new RedisServer();
        using var two = new RedisServer();
        await one.StartAsync(Cancellation);
        await two.StartAsync(Cancellation);
        using var host = Build(
            new() { ["ConnectionStrings:one"] = one.ConnectionString, ["ConnectionStrings:two"] = two.ConnectionString },
            builder =>
            {
                builder.AddKeyedRedisClient("one");
                builder.AddKeyedRedisClient("two");
            });
        await host.StartAsync(Cancellation);

        await host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("one").GetDatabase().StringSetAsync("key", "one");

        Assert.True((await host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("two").GetDatabase().StringGetAsync("key")).IsNull);
        Assert.Null(host.Services.GetService<IConnectionMultiplexer>());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "StackExchange.Redis_one"));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "StackExchange.Redis_two"));
    }

    [Fact]
    public async Task Tracing_Commands_BecomeSpansUnderTheActivityThatIssuedThem()
    {
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        var spans = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("aspire.redis");
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder =>
        {
            builder.AddRedisClient("cache");
            builder.Services.Configure<StackExchangeRedisInstrumentationOptions>(options =>
            {
                options.FlushInterval = TimeSpan.FromMilliseconds(50);
                options.Filter = context => context.ProfiledCommand.Command != "PING";
                options.Enrich = (activity, context) => activity.SetTag("db", context.ProfiledCommand.Db);
            });
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddProcessor(new Spans(spans)));
        });
        await host.StartAsync(Cancellation);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase(3);

        ActivitySpanId parent;
        Activity request;
        using (var activity = source.StartActivity("request"))
        {
            request = activity!;
            parent = activity!.SpanId;
            await database.StringSetAsync("key", "value");
            await database.PingAsync();
            await database.StringGetAsync("key");
        }

        var mine = await Eventually.SucceedsAsync(
            () => Task.FromResult(spans.Where(span => span.ParentSpanId == parent).OrderBy(span => span.StartTimeUtc).ToList()),
            found => found.Count >= 2,
            Cancellation);

        Assert.Equal(2, mine.Count);
        var get = mine[1];
        Assert.Equal("GET", get.DisplayName);
        Assert.Equal(ActivityKind.Client, get.Kind);
        Assert.Equal("redis", get.GetTagItem("db.system"));
        Assert.Equal("GET", get.GetTagItem("db.statement"));
        Assert.Equal(3, get.GetTagItem("db.redis.database_index"));
        Assert.Equal(3, get.GetTagItem("db"));
        Assert.Equal(("127.0.0.1", server.Port), (get.GetTagItem("server.address"), get.GetTagItem("server.port")));
        Assert.Equal(["Enqueued", "Sent", "ResponseReceived"], get.Events.Select(entry => entry.Name));
        Assert.InRange(get.Duration, TimeSpan.FromTicks(1), request.Duration);
    }

    [Fact]
    public async Task Tracing_ScriptsAmongOtherCommands_NoneFailsAndEachIsNamed()
    {
        const int Callers = 50;
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        var spans = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("aspire.redis");
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder =>
        {
            builder.AddRedisClient("cache");
            builder.Services.Configure<StackExchangeRedisInstrumentationOptions>(options => options.FlushInterval = TimeSpan.FromMilliseconds(50));
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddProcessor(new Spans(spans)));
        });
        await host.StartAsync(Cancellation);
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        var internalErrors = new ConcurrentQueue<InternalErrorEventArgs>();
        redis.InternalError += (_, error) => internalErrors.Enqueue(error);
        var database = redis.GetDatabase();

        ActivitySpanId parent;
        using (var activity = source.StartActivity("request"))
        {
            parent = activity!.SpanId;
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                Assert.Equal(caller, (int)await database.ScriptEvaluateAsync("return tonumber(ARGV[1])", [], [caller]));
                await database.StringSetAsync($"key-{caller}", caller);
                Assert.Equal(caller, (int)await database.ExecuteAsync("get", (RedisKey)$"key-{caller}"));
            }));
        }

        var mine = await Eventually.SucceedsAsync(
            () => Task.FromResult(spans.Where(span => span.ParentSpanId == parent).ToList()), found => found.Count >= 3 * Callers, Cancellation);

        Assert.Empty(internalErrors);
        Assert.Equal(
            [("EVAL", Callers), ("GET", Callers), ("SET", Callers)], mine.GroupBy(span => span.DisplayName).Select(named => (named.Key, named.Count())).OrderBy(named => named.Key));
        Assert.All(mine, span => Assert.Equal(("redis", server.Port), (span.GetTagItem("db.system"), span.GetTagItem("server.port"))));
        Assert.All(mine, span => Assert.True(span.Duration > TimeSpan.Zero));
    }

    [Fact]
    public async Task Tracing_CommandsFail_SaySoAsWithoutTracing()
    {
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder =>
        {
            builder.AddRedisClient("cache");
            builder.Services.AddOpenTelemetry().WithTracing();
        });
        await host.StartAsync(Cancellation);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        await Assert.ThrowsAsync<RedisServerException>(() => database.ScriptEvaluateAsync("return redis.error_reply('refused')"));
        await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync("NOSUCHCOMMAND"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => database.ScriptEvaluateAsync((string)null!));
        Assert.True(await database.StringSetAsync("key", "value"));
    }

    [Fact]
    public async Task Tracing_ClientThrowsNullReference_SaidAsNoConnection()
    {
        var client = DispatchProxy.Create<IConnectionMultiplexer, FaultyClient>();
        using var recorder = new CommandRecorder(client, new StackExchangeRedisInstrumentationOptions(), TimeProvider.System, _ => { });
        var database = recorder.Connection.GetDatabase();

        await Assert.ThrowsAsync<RedisConnectionException>(() => database.StringGetAsync("key"));
        await Assert.ThrowsAsync<RedisConnectionException>(() => database.ScriptEvaluateAsync("return 1"));
    }

    [Fact]
    public async Task Tracing_HostStops_LastCommandsAreWritten()
    {
        using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        var spans = new ConcurrentQueue<Activity>();
        var host = Build(new() { ["ConnectionStrings:cache"] = server.ConnectionString }, builder =>
        {
            builder.AddRedisClient("cache");
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(new Spans(spans)));
        });
        await host.StartAsync(Cancellation);
        await host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().StringSetAsync("key", "value");

        await host.StopAsync(Cancellation);
        host.Dispose();

        Assert.Contains(spans, span => span.DisplayName is "SET" or "SETEX");
    }

    private static IHost Build(Dictionary<string, string?> configuration, Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration);
        configure(builder);
        return builder.Build();
    }

    private static async Task<HealthStatus> HealthAsync(IHost host, string name)
        => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries[name].Status;

    /// <summary>A client as 1.2.6 is for a moment when its connection is lost or comes back: to tell that none is there fails.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "The proxy is a class made from it.")]
    private class FaultyClient : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => Create<IDatabase, FaultyDatabase>(),
            nameof(IConnectionMultiplexer.GetEndPoints) => Array.Empty<EndPoint>(),
            nameof(IConnectionMultiplexer.FinishProfiling) => default(ProfiledCommandEnumerable),
            _ => null,
        };
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy is a class made from it.")]
    private class FaultyDatabase : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.ReturnType == typeof(int) ? 0 : throw new NullReferenceException();
    }

    private sealed class Spans(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
