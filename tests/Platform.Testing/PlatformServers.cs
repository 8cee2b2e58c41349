using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Platform.Testing;

/// <summary>
/// PostgreSQL and Redis for the tests of one assembly: <c>[assembly: AssemblyFixture(typeof(PlatformServers))]</c>. Servers that
/// <c>PLATFORM_TEST_POSTGRES</c> (an Npgsql connection string) and <c>PLATFORM_TEST_REDIS</c> (host:port) name are used as they are;
/// without them, own servers with data of their own are started and removed with the fixture.
/// </summary>
public sealed class PlatformServers : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    // For each database: a drop waits for a checkpoint, which takes a while on a busy disk.
    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<string> databases = [];
    private readonly string? givenPostgres = Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES");
    private readonly string? givenRedis = Environment.GetEnvironmentVariable("PLATFORM_TEST_REDIS");
    private IDistributedApplicationTestingBuilder? builder;
    private DistributedApplication? application;
    private string? postgres;
    private string? redis;

    /// <summary>Connection string of the server, without a database.</summary>
    public string PostgresConnectionString => postgres ?? throw NotStarted();

    /// <summary>Connection string in StackExchange.Redis form. The server is shared: prefix the keys.</summary>
    public string RedisConnectionString => redis ?? throw NotStarted();

    public async ValueTask InitializeAsync()
    {
        postgres = givenPostgres;
        redis = givenRedis;
        if (postgres is not null && redis is not null)
        {
            return;
        }

        builder = DistributedApplicationTestingBuilder.Create();
        if (postgres is null)
        {
            builder.AddPostgres("postgres");
        }

        if (redis is null)
        {
            builder.AddRedis("redis");
        }

        using var limit = new CancellationTokenSource(StartLimit);
        application = await builder.BuildAsync(limit.Token);
        await application.StartAsync(limit.Token);
        if (postgres is null)
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync("postgres", limit.Token);
            postgres = await application.GetConnectionStringAsync("postgres", limit.Token);
        }

        if (redis is null)
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync("redis", limit.Token);
            redis = await application.GetConnectionStringAsync("redis", limit.Token);
        }
    }

    /// <summary>Creates an empty database that is dropped with the fixture.</summary>
    /// <param name="namePrefix">Start of its name: lower-case letters, digits and underscores, so that a stray one tells where it came from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Connection string of the database.</returns>
    public async Task<string> CreateDatabaseAsync(string namePrefix, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(namePrefix);
        if (!namePrefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException("A prefix has lower-case letters, digits and underscores only.", nameof(namePrefix));
        }

        var name = $"{namePrefix}_{Guid.NewGuid().ToString("n")[..12]}";
        await ExecuteAsync($"CREATE DATABASE \"{name}\"", cancellationToken);
        databases.Add(name);
        return new NpgsqlConnectionStringBuilder(PostgresConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Starts a Redis of the test's own, to be stopped and started at will.</summary>
    public static Task<ControlledServer> StartOwnRedisAsync(CancellationToken cancellationToken) =>
        ControlledServer.StartAsync("redis", own => own.AddRedis("redis"), cancellationToken);

    /// <summary>Starts a PostgreSQL of the test's own, to be stopped and started at will.</summary>
    public static Task<ControlledServer> StartOwnPostgresAsync(CancellationToken cancellationToken) =>
        ControlledServer.StartAsync("postgres", own => own.AddPostgres("postgres"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();

        // An own server takes its databases with it.
        var left = givenPostgres is null ? [] : await DropAsync();
        if (application is not null)
        {
            await application.DisposeAsync();
        }

        if (builder is not null)
        {
            await builder.DisposeAsync();
        }

        if (left.Count > 0)
        {
            throw new AggregateException($"{left.Count} of {databases.Count} test databases are left on the server.", left);
        }
    }

    // One that cannot be dropped must not keep the others.
    private async Task<List<InvalidOperationException>> DropAsync()
    {
        var left = new List<InvalidOperationException>();
        foreach (var database in databases)
        {
            using var limit = new CancellationTokenSource(DropLimit);
            try
            {
                await ExecuteAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", limit.Token);
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                left.Add(new InvalidOperationException($"Database '{database}' was not dropped.", exception));
            }
        }

        return left;
    }

    private static InvalidOperationException NotStarted() =>
        new("The servers are not started: register PlatformServers as an assembly fixture, or await InitializeAsync.");

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresConnectionString) { Pooling = false };
        settings.Database ??= "postgres";
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = (int)DropLimit.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
