using System.Diagnostics;
using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Registry;

/// <summary>Two processes over one database, which compare their names by interval only every hour: what they know they heard.</summary>
public sealed class ReplicaTests(PlatformServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Coherent = TimeSpan.FromSeconds(2);
    private readonly List<ReplicaProcess> _replicas = [];
    private string _connectionString = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await servers.CreateDatabaseAsync("entity_resolution", Token);
        await Schema.CreateAsync(_connectionString, Token);
        await Schema.AddChangeTriggersAsync(_connectionString, Token);
        (string, string)[] settings = [("entityResolution:refreshInterval", "01:00:00")];
        _replicas.AddRange(await Task.WhenAll(ReplicaProcess.StartAsync(_connectionString, settings), ReplicaProcess.StartAsync(_connectionString, settings)));
        // Both are warm, so that the first question measures nothing but the change.
        await BothFindAsync("status of Kestrel", "C-13");
    }

    public ValueTask DisposeAsync()
    {
        _replicas.ForEach(replica => replica.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rename_InSql_BothAnswerWithTheNewNameWithinTwoSeconds()
    {
        await Schema.ExecuteAsync(_connectionString, "UPDATE domain.customers SET name = 'Zephyr Harbour Works' WHERE organization_id = 'default' AND customer_id = 'C-13'", Token);
        var committed = Stopwatch.GetTimestamp();

        // The old name must be gone too: the database itself finds the new one by likeness.
        await Task.WhenAll(BothFindAsync("status of Zephyr Harbour Works", "C-13"), BothFindAsync("status of Kestrel", "C-14"));

        Assert.InRange(Stopwatch.GetElapsedTime(committed), TimeSpan.Zero, Coherent);
    }

    [Fact]
    public async Task Alias_MadeAndDeletedAtOne_IsKnownToTheOtherWithinTwoSeconds()
    {
        var alias = await _replicas[0].Client.CreateAliasAsync(
            new CreateAliasRequest { Alias = "The Oslo Folks", Entity = new EntityRef { Type = EntityType.Customer, Id = "C-8" } }, cancellationToken: Token);
        var committed = Stopwatch.GetTimestamp();
        await BothFindAsync("status of \"the oslo folks\"", "C-8");
        Assert.InRange(Stopwatch.GetElapsedTime(committed), TimeSpan.Zero, Coherent);

        await _replicas[1].Client.DeleteAliasAsync(new DeleteAliasRequest { Id = alias.Id }, cancellationToken: Token);
        committed = Stopwatch.GetTimestamp();
        await BothFindAsync("status of \"the oslo folks\"", null);
        Assert.InRange(Stopwatch.GetElapsedTime(committed), TimeSpan.Zero, Coherent);
    }

    [Fact]
    public async Task Truncate_AndLoadOfThousands_AreSeenByBoth()
    {
        await Schema.ExecuteAsync(_connectionString, """
            TRUNCATE domain.customers CASCADE;
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at)
            SELECT 'default', 'L-' || n, 'Loaded Company Nr' || n, 'EUR', now() FROM generate_series(1, 5000) AS n
            """, Token);

        await Eventually.HoldsAsync(async () =>
        {
            var status = await Task.WhenAll(_replicas.Select(r => r.Client.GetRegistryStatusAsync(new GetRegistryStatusRequest(), cancellationToken: Token).ResponseAsync));
            return status.All(s => s.Names is 5000 or 5001);
        }, "both hold the loaded names");
        await BothFindAsync("What does Delta Industries owe?", null);
    }

    private Task BothFindAsync(string text, string? id) => Task.WhenAll(_replicas.Select(replica => Eventually.HoldsAsync(
        async () =>
        {
            var found = (await replica.Client.ResolveAsync(new ResolveRequest { Text = text }, cancellationToken: Token)).Mentions.FirstOrDefault(m => m.Match is not null);
            return found?.Match.Entity.Id == id;
        },
        $"\"{text}\" means {id ?? "nothing"}")));
}
