using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Tests.Data;

public sealed class DependencyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void AddPlatformDatabase_NoConnectionString_NamesTheKey(string? value)
    {
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:platform", value));

        Assert.Contains("ConnectionStrings:platform is missing", Assert.Throws<PlatformConfigurationException>(builder.AddPlatformDatabase).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddPlatformDatabase_BrokenConnectionString_DoesNotRepeatIt()
    {
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:platform", "Host=db;Passwort=hunter2"));

        var error = Assert.Throws<PlatformConfigurationException>(builder.AddPlatformDatabase);

        Assert.Contains("ConnectionStrings:platform = (hidden) is not allowed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddPlatformRedis_NoConnectionString_NamesTheKey()
    {
        using var folder = new ConfigurationFolder();

        Assert.Contains("ConnectionStrings:redis is missing", Assert.Throws<PlatformConfigurationException>(RunningService.Builder(folder).AddPlatformRedis).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddPlatformRedis_StringWithoutAServer_DoesNotRepeatIt()
    {
        using var folder = new ConfigurationFolder();

        var error = Assert.Throws<PlatformConfigurationException>(RunningService.Builder(folder, ("ConnectionStrings:redis", "password=hunter2")).AddPlatformRedis);

        Assert.Contains("ConnectionStrings:redis = (hidden) is not allowed. Allowed: host:port", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RedisAway_IsReadyAndDegraded()
    {
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:redis", $"127.0.0.1:{FreePort()}"));
        builder.AddPlatformRedis();

        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);

        var health = await HealthAsync(service);
        Assert.True(health.GetProperty("ready").GetBoolean());
        Assert.Equal("degraded", health.GetProperty("components").GetProperty("redis").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", 3, 40)]
    [InlineData(";Timeout=9;Max Auto Prepare=0", 9, 0)]
    [InlineData(";MaxAutoPrepare=7", 3, 7)]
    public void AddPlatformDatabase_Limits_ApplyUnlessGiven(string given, int timeout, int prepared)
    {
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:platform", $"Host=127.0.0.1;Username=nobody{given}"));
        builder.AddPlatformDatabase();

        using var services = builder.Services.BuildServiceProvider();

        var applied = new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
        Assert.Equal((timeout, prepared, "-c jit=off"), (applied.Timeout, applied.MaxAutoPrepare, applied.Options));
    }

    [Fact]
    public async Task Start_DatabaseAway_IsNotReadyYet()
    {
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:platform", $"Host=127.0.0.1;Port={FreePort()};Username=nobody"));
        builder.AddPlatformDatabase();

        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);

        using var response = await service.Http.GetAsync("/health", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var database = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("components").GetProperty("database");
        Assert.Equal("unhealthy", database.GetProperty("status").GetString());
        Assert.Equal("connection_error", database.GetProperty("details").GetProperty("error").GetString());
    }

    [Fact]
    public async Task Start_RealServers_AreHealthy()
    {
        var postgres = Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES");
        var redis = Environment.GetEnvironmentVariable("PLATFORM_TEST_REDIS");
        Assert.SkipWhen(postgres is null || redis is null, "PLATFORM_TEST_POSTGRES and PLATFORM_TEST_REDIS name no servers");
        using var folder = new ConfigurationFolder();
        var builder = RunningService.Builder(folder, ("ConnectionStrings:platform", postgres), ("ConnectionStrings:redis", redis));
        builder.AddPlatformDatabase();
        builder.AddPlatformRedis();

        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);

        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT 41 + 1");
        Assert.Equal(42, await command.ExecuteScalarAsync(Token));
        Assert.True(await service.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync() > TimeSpan.Zero);
        await Eventually.HoldsAsync(
            async () => (await HealthAsync(service)).GetProperty("status").GetString() == "healthy", "everything is healthy");
    }

    private static async Task<JsonElement> HealthAsync(RunningService service) =>
        JsonDocument.Parse(await service.Http.GetStringAsync("/health", Token)).RootElement;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
