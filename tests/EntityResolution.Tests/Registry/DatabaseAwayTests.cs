using System.Text.Json;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Registry;

/// <summary>A PostgreSQL of the test's own goes away and comes back. The service uses no Redis.</summary>
public sealed class DatabaseAwayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_Database_SnapshotAnswersHealthTellsItsAgeAndChangesAreCaughtUp()
    {
        await using var server = await PlatformServers.StartOwnPostgresAsync(Token);
        await using (var maintenance = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using var create = maintenance.CreateCommand("CREATE DATABASE names");
            await create.ExecuteNonQueryAsync(Token);
        }

        var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "names", Pooling = false }.ConnectionString;
        await Schema.CreateAsync(connectionString, Token);
        await Schema.AddChangeTriggersAsync(connectionString, Token);
        await using var factory = new WebApplicationFactory<ResolutionOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:platform", connectionString)
            .UseSetting("entityResolution:refreshInterval", "01:00:00"));
        using var channel = GrpcChannel.ForAddress(factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = factory.Server.CreateHandler() });
        using var http = factory.CreateClient();
        var client = new EntityResolutionService.EntityResolutionServiceClient(channel);
        await Eventually.HoldsAsync(async () => await IdAsync(client, "status of Delta Industries") == "C-1");
        await Eventually.HoldsAsync(async () => (await RegistryAsync(http)).GetProperty("status").GetString() == "healthy");

        await server.StopAsync(Token);

        await Eventually.HoldsAsync(async () => (await client.GetRegistryStatusAsync(new GetRegistryStatusRequest(), cancellationToken: Token)).Stale, "the registry is known to be old");
        Assert.Equal("C-1", await IdAsync(client, "status of Delta Industries"));
        Assert.Equal("C-1", await IdAsync(client, "what does big d owe"));
        Assert.Equal("C-8", await IdAsync(client, "status of blue ocean fods"));
        await Eventually.HoldsAsync(async () => (await RegistryAsync(http)).GetProperty("status").GetString() == "degraded");
        var away = await RegistryAsync(http);
        var age = away.GetProperty("details").GetProperty("oldestSnapshotSeconds").GetDouble();
        Assert.False(away.GetProperty("details").GetProperty("changesHeard").GetBoolean());
        await Eventually.HoldsAsync(async () => (await RegistryAsync(http)).GetProperty("details").GetProperty("oldestSnapshotSeconds").GetDouble() > age, "the age grows");

        await server.StartAsync(Token);
        await Schema.ExecuteAsync(connectionString, "UPDATE domain.customers SET name = 'Zephyr Harbour Works' WHERE organization_id = 'default' AND customer_id = 'C-13'", Token);

        await Eventually.HoldsAsync(async () => await IdAsync(client, "status of Zephyr Harbour Works") == "C-13", "the missed change is known");
        await Eventually.HoldsAsync(async () => (await RegistryAsync(http)).GetProperty("status").GetString() == "healthy");
    }

    private static async Task<string?> IdAsync(EntityResolutionService.EntityResolutionServiceClient client, string text) =>
        (await client.ResolveAsync(new ResolveRequest { Text = text }, cancellationToken: Token)).Mentions.FirstOrDefault()?.Match?.Entity.Id;

    private static async Task<JsonElement> RegistryAsync(HttpClient http)
    {
        // 503 has the same body.
        using var response = await http.GetAsync("/health", Token);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("components").GetProperty("registry");
    }
}
