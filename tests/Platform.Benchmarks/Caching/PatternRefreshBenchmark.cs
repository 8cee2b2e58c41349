using System.Globalization;
using Npgsql;
using Platform.PatternAnalysis.Refreshing;

namespace Platform.Benchmarks.Caching;

/// <summary>
/// P19: every customer looked at anew and stored, against one sequential scan of the same rows. The scan is read twice: counted within PostgreSQL,
/// which no program that looks at the rows can reach, and delivered to a client, which is the least that detecting outside of it costs.
/// </summary>
internal sealed class PatternRefreshBenchmark : IBenchmark
{
    private static readonly string[] Scans =
    [
        "SELECT order_id, customer_id, created_at, priority, amount, currency FROM domain.sales_orders",
        "SELECT invoice_id, customer_id, due_date, amount, currency FROM domain.invoices",
        "SELECT invoice_id, amount, currency, paid_at FROM domain.payments",
    ];

    public string Name => "pattern-refresh";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var customers = isShort ? 1000 : 100_000;
        await using var stage = await PatternStage.BuildAsync(customers, cancellationToken);
        var options = new RefreshOptions { DutyCycle = 1, BatchSize = isShort ? 250 : 1000, Parallelism = 2, LeaseDuration = TimeSpan.FromMinutes(5) };
        var leases = new RefreshLease(stage.Database);
        var state = (await leases.TryTakeAsync(PatternStage.Organization, "benchmark", TimeSpan.FromMinutes(10), cancellationToken))!;
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var (inside, delivered) = (new Comparison("P19 server", "ms"), new Comparison("P19 client", "ms"));
        for (var round = 0; round < (isShort ? 1 : 5); round++)
        {
            var counted = await TimeAsync(() => CountAsync(stage.Database, cancellationToken));
            var (rows, streamed) = (0L, 0.0);
            streamed = await TimeAsync(async () => rows = await StreamAsync(stage.Database, cancellationToken));
            await leases.BeginAsync(state, today, cancellationToken);
            var done = 0;
            var (own, server) = (Environment.CpuUsage.TotalTime, await stage.ServerTimeAsync(cancellationToken));
            var refreshed = await TimeAsync(async () => done = await stage.Bulk(options).RunAllAsync(state, today, "", cancellationToken));
            (own, server) = (Environment.CpuUsage.TotalTime - own, await stage.ServerTimeAsync(cancellationToken) - server);
            inside.Add(counted, refreshed);
            delivered.Add(streamed, refreshed);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"           {done:N0} customers, {rows:N0} rows: refreshed in {refreshed / 1000:0.0} s; processor time {own.TotalSeconds:0.0} s here, {server.TotalSeconds:0.0} s in PostgreSQL"));
        }

        inside.Print("≤ 5", ratio => ratio <= 5);
        delivered.Print("≤ 5", ratio => ratio <= 5);
    }

    private static async Task CountAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        // As the bar says: one scan, by one process, of every row with the columns that are used.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SET max_parallel_workers_per_gather = 0; SET enable_indexonlyscan = off; SET enable_indexscan = off; SET enable_bitmapscan = off;"
            + " SELECT count(*), sum(amount), max(created_at), max(priority) FROM domain.sales_orders; SELECT count(*), sum(amount), max(due_date), max(customer_id) FROM domain.invoices;"
            + " SELECT count(*), sum(amount), max(paid_at), max(invoice_id) FROM domain.payments; RESET ALL", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<long> StreamAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var scan in Scans)
        {
            await using var command = database.CreateCommand(scan);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    _ = reader.GetValue(column);
                }

                rows++;
            }
        }

        return rows;
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }
}
