using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;

namespace Platform.Benchmarks.Resolution;

/// <summary>
/// B3: questions resolved through gRPC by 32 clients that do not pause, against a process of its own with 100,000 names; and names
/// completed as they are typed, ten each.
/// </summary>
internal sealed class ResolutionBenchmark : IBenchmark
{
    private const int Clients = 32;

    private static readonly string[] First = ["Alta", "Bore", "Casca", "Dun", "Ever", "Fair", "Gran", "Holli", "Iron", "Juni", "Kes", "Lark", "Meri", "North", "Oak", "Pember", "Quill", "Raven", "Silver", "Thorn", "Um", "Vale", "West", "Xana", "Yar", "Zeph"];
    private static readonly string[] Middle = ["mira", "lis", "dia", "more", "green", "haven", "ville", "ster", "bridge", "per", "trel", "spur", "dian", "gate", "mont", "ton", "feather", "wood", "stone", "bury"];
    private static readonly string[] Last = ["Industries", "Logistics", "Foods", "Medical", "Textiles", "Robotics", "Freight", "Instruments", "Packaging", "Analytics", "Brewing", "Ceramics", "Dynamics", "Energy", "Furniture", "Optics"];
    private static readonly string[] Forms = ["", " Inc", " Ltd", " GmbH", " LLC", " SA", " AB", " Co", " plc", " AG", " BV", " SpA"];

    public string Name => "resolution";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var names = Names(isShort ? 5_000 : 100_000);
        var servers = new PlatformServers();
        try
        {
            await servers.InitializeAsync();
            var connectionString = await servers.CreateDatabaseAsync("benchmark_resolution", cancellationToken);
            await LoadAsync(connectionString, names, cancellationToken);
            using var service = await ResolutionProcess.StartAsync(connectionString, names.Length, cancellationToken);

            var questions = Questions(names);
            var seconds = isShort ? 1.5 : 12;
            await MeasureAsync(Clients, isShort ? 0.5 : 4, (client, n) => ResolveAsync(service, client, questions[(client * 7919 + n) % questions.Length], cancellationToken));
            Print($"resolve, {names.Length:N0} names, {Clients} clients", await MeasureAsync(Clients, seconds, (client, n) => ResolveAsync(service, client, questions[(client * 7919 + n) % questions.Length], cancellationToken)), "B3: 50 / 150 / 300 ms");
            Print($"resolve, {names.Length:N0} names, 1 client", await MeasureAsync(1, seconds / 2, (client, n) => ResolveAsync(service, client, questions[n % questions.Length], cancellationToken)), "");

            var typed = names.Take(2_000).Select((name, i) => name[..Math.Min(name.Length, 2 + (i % 9))]).ToArray();
            await MeasureAsync(1, isShort ? 0.3 : 2, (_, n) => SuggestAsync(service, typed[n % typed.Length], cancellationToken));
            Print($"suggest, {names.Length:N0} names, 1 client", await MeasureAsync(1, seconds / 2, (_, n) => SuggestAsync(service, typed[n % typed.Length], cancellationToken)), "top ten in 5 ms");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory of the service {service.MiB:N0} MiB"));
        }
        finally
        {
            await servers.DisposeAsync();
        }
    }

    private static async Task ResolveAsync(ResolutionProcess service, int client, string text, CancellationToken cancellationToken) =>
        await service.Client(client).ResolveAsync(new ResolveRequest { Text = text }, cancellationToken: cancellationToken);

    private static async Task SuggestAsync(ResolutionProcess service, string typed, CancellationToken cancellationToken) =>
        await service.Client(0).SuggestAsync(new SuggestRequest { Prefix = typed, Limit = 10 }, cancellationToken: cancellationToken);

    /// <summary>Milliseconds of each call.</summary>
    private static async Task<double[]> MeasureAsync(int clients, double seconds, Func<int, int, Task> call)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var times = new List<double>();
            var began = Stopwatch.GetTimestamp();
            for (var n = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; n++)
            {
                var started = Stopwatch.GetTimestamp();
                await call(client, n);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return times;
        })));
        var all = taken.SelectMany(t => t).ToArray();
        Array.Sort(all);
        Rate = all.Length / seconds;
        return all;
    }

    private static double Rate { get; set; }

    private static void Print(string what, double[] times, string bar) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-40} {Rate,9:N0} /s  p50 {At(times, 0.5),7:N2}  p95 {At(times, 0.95),7:N2}  p99 {At(times, 0.99),7:N2} ms  {bar}"));

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static string[] Names(int count)
    {
        var random = new Random(20261122);
        var names = new HashSet<string>(count);
        while (names.Count < count)
        {
            names.Add($"{First[random.Next(First.Length)]}{Middle[random.Next(Middle.Length)]} {First[random.Next(First.Length)]}{Middle[random.Next(Middle.Length)]} {Last[random.Next(Last.Length)]}{Forms[random.Next(Forms.Length)]}");
        }

        return [.. names];
    }

    /// <summary>Exact, in small letters, misspelt, two names, a number, none at all.</summary>
    private static string[] Questions(string[] names)
    {
        var random = new Random(4711);
        return [.. Enumerable.Range(0, 20_000).Select(i =>
        {
            var name = names[random.Next(names.Length)];
            return (i % 6) switch
            {
                0 => $"What is the status of {name}?",
                1 => $"how much does {name.ToLowerInvariant()} owe us",
                2 => $"Should we extend payment terms for {name[..3]}{name[4..]}?",
                3 => $"Compare {name} and {names[random.Next(names.Length)]}",
                4 => $"Is invoice INV-{random.Next(1, 1000):000000} of {name} paid?",
                _ => "Which customers changed their behaviour in the last 90 days?",
            };
        })];
    }

    private static async Task LoadAsync(string connectionString, string[] names, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(database, cancellationToken);
        await using var rows = database.CreateCommand("""
            INSERT INTO domain.customers (organization_id, customer_id, name, city, currency, created_at)
            SELECT 'default', 'B-' || n, name, 'Lyon', 'EUR', '2025-01-01Z' FROM unnest($1) WITH ORDINALITY AS c (name, n)
            """);
        rows.Parameters.Add(new() { Value = names });
        await rows.ExecuteNonQueryAsync(cancellationToken);
        await using var others = database.CreateCommand("""
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date)
            SELECT 'default', 'i' || n, 'INV-' || lpad(n::text, 6, '0'), 'B-' || n, 100, 'EUR', '2026-01-01Z', '2026-02-01' FROM generate_series(1, 1000) AS n;
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE INDEX idx_customers_name_trgm ON domain.customers USING gin (name gin_trgm_ops);
            CREATE INDEX idx_invoices_number ON domain.invoices USING btree (organization_id, invoice_number);
            CREATE INDEX idx_sales_orders_number ON domain.sales_orders USING btree (organization_id, order_number);
            ANALYZE domain.customers; ANALYZE domain.invoices
            """);
        await others.ExecuteNonQueryAsync(cancellationToken);
    }
}
