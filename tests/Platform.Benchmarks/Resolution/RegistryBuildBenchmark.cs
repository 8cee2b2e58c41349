using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Npgsql;
using NpgsqlTypes;
using Platform.Benchmarks.EntityResolution;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Registry;
using Platform.Testing;

namespace Platform.Benchmarks.Resolution;

/// <summary>
/// A registry of a million customers read from PostgreSQL: the stream by itself, then the service with the settings that are
/// delivered, which answers through pg_trgm until its index is built.
/// </summary>
internal sealed class RegistryBuildBenchmark : IBenchmark
{
    public string Name => "registry-build";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        await using var _ = servers;
        var connectionString = await servers.CreateDatabaseAsync("benchmark_registry", cancellationToken);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var count = isShort ? 20_000 : 1_000_000;
        var names = await LoadAsync(database, count, cancellationToken);
        await MeasureStreamAsync(database, isShort ? 1 : 3, cancellationToken);
        await MeasureServiceAsync(connectionString, names, cancellationToken);
    }

    private static async Task MeasureStreamAsync(NpgsqlDataSource database, int rounds, CancellationToken cancellationToken)
    {
        var reader = new NamesReader(database);
        var times = new List<double>();
        var (held, allocated, count) = (0L, 0L, 0);
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var allocatedBefore = GC.GetTotalAllocatedBytes();
            var started = Stopwatch.GetTimestamp();
            var read = await reader.ReadNamesAsync("default", int.MaxValue, null, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            allocated = GC.GetTotalAllocatedBytes() - allocatedBefore;
            // Of the first round: later ones may still find the index of the one before.
            held = round == 0 ? GC.GetTotalMemory(forceFullCollection: true) - before : held;
            count = read.Names!.Entities;
            GC.KeepAlive(read);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stream    {count:N0} customers from PostgreSQL to an index: {times.Min():0.00} s, median {Comparison.Median([.. times]):0.00} s (bar 5 s for the build); managed memory {held / 1048576.0:N0} MB (bar 350 MB), allocated on the way {allocated / 1048576.0:N0} MB"));
    }

    private static async Task MeasureServiceAsync(string connectionString, string[] names, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var service = await ResolutionProcess.LaunchAsync(connectionString, cancellationToken);
        var built = service.HoldsAsync(names.Length, cancellationToken);
        var waiting = new List<double>();
        var (right, refused) = (0, 0);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var n = 0; !built.IsCompleted; n++)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var found = await service.Client(0).ResolveAsync(new ResolveRequest { Text = $"How is \"{names[n * 7919 % names.Length]}\" doing?" }, cancellationToken: cancellationToken);
                right += found.Mentions.Count > 0 && !found.Mentions[0].NotFound ? 1 : 0;
                waiting.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
            catch (RpcException)
            {
                // It does not listen yet, or the database was too slow for the time that a lookup may take.
                refused++;
                await pause.WaitForNextTickAsync(cancellationToken);
            }
        }

        await built;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"service   started and built after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, default settings; memory {service.MiB:N0} MiB; until then {waiting.Count} questions answered by pg_trgm ({right} with a name, worst {waiting.DefaultIfEmpty().Max():N0} ms), {refused} not yet"));
        var times = new List<double>();
        for (var n = 0; n < 500; n++)
        {
            var asked = Stopwatch.GetTimestamp();
            await service.Client(0).ResolveAsync(new ResolveRequest { Text = $"How is {names[n * 7919 % names.Length]} doing?" }, cancellationToken: cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"          then p50 {times[250]:0.00} ms, p99 {times[495]:0.00} ms of 500 questions, one client"));
    }

    private static async Task<string[]> LoadAsync(NpgsqlDataSource database, int count, CancellationToken cancellationToken)
    {
        await PlatformSchema.CreateAsync(database, cancellationToken);
        var names = GeneratedNames.Create(count).Select(entity => entity.Name).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var import = await connection.BeginBinaryImportAsync("COPY domain.customers (organization_id, customer_id, name, currency, created_at) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            for (var n = 0; n < names.Length; n++)
            {
                await import.StartRowAsync(cancellationToken);
                await import.WriteAsync("default", NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync($"C-{n}", NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync(names[n], NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync("EUR", NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync(DateTime.UnixEpoch, NpgsqlDbType.TimestampTz, cancellationToken);
            }

            await import.CompleteAsync(cancellationToken);
        }

        await using var index = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX idx_customers_name_trgm ON domain.customers USING gin (name gin_trgm_ops); ANALYZE domain.customers", connection) { CommandTimeout = 240 };
        await index.ExecuteNonQueryAsync(cancellationToken);
        return names;
    }
}
