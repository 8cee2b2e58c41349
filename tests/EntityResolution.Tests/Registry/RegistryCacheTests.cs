using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Registry;

public sealed class RegistryCacheTests(PlatformServers servers) : IAsyncLifetime
{
    private string _connectionString = "";
    private ServiceProvider _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RegistryCache Cache => _services.GetRequiredService<RegistryCache>();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await servers.CreateDatabaseAsync("entity_resolution", Token);
        await Schema.CreateAsync(_connectionString, Token);
        _services = RegistryFixture.Build(_connectionString);
        await Cache.WarmAsync("default", Token);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Note_ChangedCustomers_ReplacesOnlyThem()
    {
        await ExecuteAsync("""
            UPDATE domain.customers SET name = 'Renamed Once' WHERE organization_id = 'default' AND customer_id = 'C-13';
            DELETE FROM domain.customers WHERE organization_id = 'default' AND customer_id = 'C-11';
            UPDATE domain.customers SET name = 'Not Told Of' WHERE organization_id = 'default' AND customer_id = 'C-9'
            """);
        Cache.Note("default", NameChanges.OfCustomers(["C-13", "C-11", "C-none"]));

        await Eventually.HoldsAsync(async () => (await NamesAsync()).ById("C-13")?.Name == "Renamed Once");
        var names = await NamesAsync();
        Assert.Null(names.ById("C-11"));
        Assert.Equal("Blue Ocean Freight", names.ById("C-9")?.Name);
        Assert.Single(names.ByCore("twin peaks"));
    }

    [Fact]
    public async Task Note_NothingChanged_KeepsTheSnapshotAndConfirmsIt()
    {
        var before = await Cache.GetAsync("default", Token);
        await ExecuteAsync("UPDATE domain.customers SET name = 'Renamed Twice' WHERE organization_id = 'default' AND customer_id = 'C-13'");
        Cache.Note("default", NameChanges.OfCustomers(["C-13"]));
        await Eventually.HoldsAsync(async () => (await NamesAsync()).ById("C-13")?.Name == "Renamed Twice");
        var changed = await Cache.GetAsync("default", Token);

        // The fingerprint followed the single change, so the comparison finds nothing to read.
        Cache.Note("default", NameChanges.OfNames);

        await Eventually.HoldsAsync(async () => (await Cache.GetAsync("default", Token)).AsOf > changed.AsOf);
        Assert.Same(changed.Snapshot, (await Cache.GetAsync("default", Token)).Snapshot);
        Assert.NotSame(before.Snapshot, changed.Snapshot);
    }

    [Fact]
    public async Task Note_ChangeThatNothingToldOf_IsFoundByComparison()
    {
        await ExecuteAsync("UPDATE domain.customers SET name = 'Quietly Renamed' WHERE organization_id = 'default' AND customer_id = 'C-13'");
        Cache.NoteAll();
        await Eventually.HoldsAsync(async () => (await NamesAsync()).ById("C-13")?.Name == "Quietly Renamed");
    }

    [Fact]
    public async Task Note_ThousandTimes_ReadsAFewTimes()
    {
        var reads = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "platform.entity_resolution.registry.refresh.duration" && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>()))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref reads));
        listener.Start();

        for (var i = 0; i < 1_000; i++)
        {
            await ExecuteIfAsync(i % 250 == 0, $"UPDATE domain.customers SET name = 'Renamed {i}' WHERE organization_id = 'default' AND customer_id = 'C-13'");
            Cache.Note("default", NameChanges.OfCustomers(["C-13"]));
        }

        await Eventually.HoldsAsync(async () => (await NamesAsync()).ById("C-13")?.Name == "Renamed 750");
        // A read is measured after the names it brought are in use.
        await Eventually.HoldsAsync(() => Volatile.Read(ref reads) > 0, "a read is measured");
        Assert.InRange(reads, 1, 50);
    }

    [Fact]
    public async Task Apply_OwnAlias_IsKnownAtOnceAndSurvivesARead()
    {
        Cache.Apply("default", names => names.With(new RegisteredAlias(Guid.NewGuid(), "the new name", "customer", "C-1")));
        Assert.Equal("C-1", (await NamesAsync()).Alias("the new name")?.EntityId);
    }

    [Fact]
    public async Task Apply_OwnAliasWhileTheNamesAreReadForTheFirstTime_IsKnownWhenTheyAre()
    {
        await using var services = RegistryFixture.Build(_connectionString);
        var cache = services.GetRequiredService<RegistryCache>();
        await using var database = new NpgsqlConnection(_connectionString);
        await database.OpenAsync(Token);
        await using var transaction = await database.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("LOCK TABLE domain.customers IN ACCESS EXCLUSIVE MODE", database, transaction))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        var warm = cache.WarmAsync("default", Token);
        await Eventually.HoldsAsync(async () =>
        {
            await using var waiting = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'domain.customers'::regclass", database, transaction);
            return (long)(await waiting.ExecuteScalarAsync(Token))! > 0;
        });
        cache.Apply("default", names => names.With(new RegisteredAlias(Guid.NewGuid(), "the first name", "customer", "C-1")));
        await transaction.RollbackAsync(Token);
        await warm;

        Assert.Equal("C-1", (await cache.GetAsync("default", Token)).Names.Alias("the first name")?.EntityId);
    }

    private async Task<RegistrySnapshot> NamesAsync() => (await Cache.GetAsync("default", Token)).Names;

    private Task ExecuteAsync(string statement) => Schema.ExecuteAsync(_connectionString, statement, Token);

    private Task ExecuteIfAsync(bool condition, string statement) => condition ? ExecuteAsync(statement) : Task.CompletedTask;
}
