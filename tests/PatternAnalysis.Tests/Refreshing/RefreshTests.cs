using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Histories.Bulk;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Refreshing;
using Platform.PatternAnalysis.Tests.Tiers;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Refreshing;

/// <summary>The worker over a real database that it has for itself.</summary>
public sealed class RefreshTests(PlatformServers servers) : IAsyncLifetime
{
    private const int Customers = 23;
    private readonly ConcurrentDictionary<string, int> judged = new();
    private readonly RefreshOptions options = new() { DutyCycle = 1, BatchSize = 5, LeaseDuration = TimeSpan.FromMinutes(2) };
    private DomainDatabase database = null!;
    private Func<string, CancellationToken, Task> beforeJudging = (_, _) => Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = new DomainDatabase(servers);
        await database.InitializeAsync();
        await database.ExecuteAsync($"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) SELECT 'o', 'C' || lpad(i::text, 3, '0'), 'Customer ' || i, 'EUR', '2020-01-01Z' FROM generate_series(1, {Customers}) i");
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task RunOnce_FirstTime_EveryCustomerStoredAndServedFromTheTable()
    {
        await Worker().RunOnceAsync(Token);

        Assert.Equal(Customers, judged.Count);
        Assert.Equal((Customers, Customers, 0, true), await ProgressAsync());
        var row = await Table().FindAsync(new CacheKey("o", "C007"), Token);
        Assert.Equal(DurableState.Current, row.State);
        Assert.Equal("Customer 7", row.Entry!.Value!.Customer.Name);
        Assert.Equal("shift", Assert.Single(row.Entry.Value.Insights).Type);
    }

    [Fact]
    public async Task RunOnce_AfterAChange_OnlyThatCustomer()
    {
        var worker = Worker();
        await worker.RunOnceAsync(Token);
        judged.Clear();
        await worker.RunOnceAsync(Token);
        Assert.Empty(judged);

        await database.ExecuteAsync("INSERT INTO app.change_events (organization_id, table_name, customer_id) VALUES ('o', 'invoices', 'C003'), ('other', 'invoices', 'C004')");
        Assert.Equal(DurableState.Outdated, (await Table().FindAsync(new CacheKey("o", "C003"), Token)).State);
        await worker.RunOnceAsync(Token);

        Assert.Equal(["C003"], judged.Keys);
        Assert.Equal(DurableState.Current, (await Table().FindAsync(new CacheKey("o", "C003"), Token)).State);
    }

    [Fact]
    public async Task RunOnce_KilledInTheMiddle_AnotherGoesOnAfterTheLastBatchAndStoresNothingTwice()
    {
        using var killed = new CancellationTokenSource();
        beforeJudging = async (customer, token) =>
        {
            if (customer == "C013")
            {
                await killed.CancelAsync();
            }

            token.ThrowIfCancellationRequested();
        };

        // Killed: the lease is not given back.
        var state = (await new RefreshLease(database.Source).TryTakeAsync("o", "first", options.LeaseDuration, Token))!;
        await new RefreshLease(database.Source).BeginAsync(state, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bulk().RunAllAsync(state, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), "", killed.Token));

        // The first two batches were being stored while the third was judged: each is there as a whole or not at all, and the second not without the first.
        var stored = (int)(await ProgressAsync()).Done;
        Assert.Contains(stored, (int[])[0, 5, 10]);
        judged.Clear();
        beforeJudging = (_, _) => Task.CompletedTask;

        await Worker().RunOnceAsync(Token);
        Assert.Empty(judged);
        await EndLeaseAsync();
        await Worker().RunOnceAsync(Token);

        Assert.Equal((Customers, Customers, 0, true), await ProgressAsync());
        Assert.Equal(Customers - stored, judged.Count);
        Assert.All(judged.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task RunOnce_ThreeReplicasAtOnce_OneRuns()
    {
        beforeJudging = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token).WaitAsync(TimeSpan.FromMilliseconds(5), token).ContinueWith(_ => { }, TaskScheduler.Default);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Worker().RunOnceAsync(Token)));

        Assert.All(judged.Values, times => Assert.Equal(1, times));
        Assert.Equal((Customers, Customers, 0, true), await ProgressAsync());
    }

    [Fact]
    public async Task Store_LeaseTakenOver_Refused()
    {
        var leases = new RefreshLease(database.Source);
        var slow = (await leases.TryTakeAsync("o", "slow", options.LeaseDuration, Token))!;
        await EndLeaseAsync();
        var next = await leases.TryTakeAsync("o", "next", options.LeaseDuration, Token);

        await Assert.ThrowsAsync<LeaseLostException>(() => Bulk().RunAsync(slow, ["C001"], new DateOnly(2026, 1, 1), Token));

        Assert.True(next!.Fence > slow.Fence);
        Assert.Equal(DurableState.Absent, (await Table().FindAsync(new CacheKey("o", "C001"), Token)).State);
    }

    [Fact]
    public async Task RunOnce_OldEvents_SweptYoungOnesStay()
    {
        await database.ExecuteAsync("INSERT INTO app.change_events (organization_id, table_name, customer_id, changed_at) VALUES ('o', 'invoices', 'C001', now() - interval '8 days'), ('o', 'invoices', 'C002', now() - interval '6 days')");

        await Worker().RunOnceAsync(Token);

        await using var left = database.Source.CreateCommand("SELECT string_agg(customer_id, ',') FROM app.change_events");
        Assert.Equal("C002", await left.ExecuteScalarAsync(Token));
    }

    /// <summary>Histories made at random, with what real ones have: part payments, refunds, other currencies, voided, cancelled, too old, in the future.</summary>
    [Fact]
    public async Task Read_RandomHistories_LikeThoseOfOneCustomer()
    {
        await database.ExecuteAsync("""
            SELECT setseed(0.42);
            INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at)
            SELECT 'o', 'O' || i, 'SO' || i, 'C' || lpad((1 + i % 23)::text, 3, '0'), (ARRAY['low','normal','high','rush'])[1 + (random() * 3)::int], (ARRAY['open','delivered','cancelled'])[1 + (random() * 2)::int],
                   round((random() * 900)::numeric, 2), 'EUR', timestamptz '2026-03-05Z' - random() * interval '6 years' FROM generate_series(1, 900) i;
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date, voided_at)
            SELECT 'o', 'I' || i, 'IN' || i, 'C' || lpad((1 + i % 20)::text, 3, '0'), (ARRAY[0, 100, 250.5, 999.99])[1 + (random() * 3)::int], (ARRAY['EUR','USD'])[1 + (random() * 1.2)::int % 2], d, (d + interval '30 days')::date,
                   CASE WHEN random() < 0.1 THEN d + interval '40 days' END
            FROM generate_series(1, 1500) i, LATERAL (SELECT timestamptz '2026-03-05Z' - random() * interval '6 years' + i * interval '0' AS d) x;
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at)
            SELECT 'o', 'P' || n || i.invoice_id, i.invoice_id, CASE WHEN n = 3 THEN -50 ELSE round(i.amount * (ARRAY[0.5, 0.5, 0.25, 1])[1 + (random() * 3)::int], 2) END, CASE WHEN random() < 0.05 THEN 'GBP' ELSE i.currency END,
                   i.created_at + random() * interval '80 days' FROM domain.invoices i, generate_series(1, 3) n WHERE random() < 0.8;
            """);
        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('o', $$O'Br\\i%2$Len$$, 'Ünal \\ Söhne', 'EUR', '2020-01-01Z'); UPDATE domain.sales_orders SET customer_id = $$O'Br\\i%2$Len$$ WHERE customer_id = 'C022'");
        var asOf = new DateOnly(2026, 2, 20);
        string[] ids = [.. Enumerable.Range(1, Customers).Select(i => $"C{i:000}"), "O'Br\\i%2$Len", "nobody"];

        var batch = await new BulkReader(database.Source, TimeProvider.System).ReadAsync("o", ids, asOf, Token);

        Assert.Equal(Customers + 1, batch.Count);
        var histories = new HistoryReader(database.Source);
        var subjects = new SubjectReader(database.Source, new FixedOptions<CacheOptions>(new()), TimeProvider.System);
        var (orders, open, paid) = (0, 0, 0);
        for (var i = 0; i < batch.Count; i++)
        {
            var history = batch[i];
            var single = (await subjects.FindAsync(new PatternKey("o", history.Subject.CustomerId), asOf, Token))!;
            Assert.Equal(single.Subject, history.Subject);
            var own = new CustomerHistory(single.Subject, await histories.OrdersAsync(single.Subject, Token), await histories.InvoicesAsync(single.Subject, Token));
            Assert.Equal(own.Orders, history.Orders);
            Assert.Equal(own.Invoices, history.Invoices);
            Assert.Equal(DataVersion.Of(own), DataVersion.Of(history));
            orders += history.Orders.Count;
            open += history.Invoices.Count(invoice => invoice.IsOpen);
            paid += history.Invoices.Count(invoice => !invoice.IsOpen);
        }

        Assert.True(orders > 100 && open > 50 && paid > 50, $"{orders} orders, {open} open and {paid} paid invoices");
        Assert.Equal(Versions(batch), (await InPassesAsync(asOf, int.MaxValue)).Versions);
        var (versions, passes) = await InPassesAsync(asOf, 400);
        Assert.Equal(Versions(batch), versions);
        Assert.True(passes > 3, $"{passes} passes");
    }

    /// <summary>Customers with few and many orders, in two currencies, on the edges of the spans that are counted.</summary>
    [Fact]
    public async Task PeerOrders_RandomOrders_AsPostgreSqlCountsThem()
    {
        await database.ExecuteAsync($"""
            SELECT setseed(0.7);
            INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at)
            SELECT 'o', 'O' || i, 'SO' || i, 'C' || lpad((1 + floor({Customers} * random() * random()))::int::text, 3, '0'), (ARRAY['normal','normal','rush'])[1 + (random() * 2)::int], (ARRAY['open','delivered','cancelled'])[1 + (random() * 2)::int],
                   round((random() * 900 - 20)::numeric, 2), (ARRAY['EUR','USD'])[1 + (random() * 1.3)::int], timestamptz '2026-03-02Z' - floor(random() * 900) * interval '1 day' FROM generate_series(1, 2000) i;
            """);
        var asOf = new DateOnly(2026, 2, 28);

        var read = await new BulkReader(database.Source, TimeProvider.System).ReadAfterAsync("o", "", asOf, int.MaxValue, () => Task.CompletedTask, Token);
        var counted = read.PeerOrders();

        Assert.True(read.IsWhole);
        var peers = await new PeerReader(database.Source, TimeProvider.System, NullLogger<PeerReader>.Instance).FindAsync("o", asOf, HistoryParts.PeerOrders, Token);
        Assert.Equal(peers.Rush!.Months, counted.Rush!.Months);
        Assert.Equal(peers.Rush.Alpha, counted.Rush.Alpha, 9);
        Assert.Equal(peers.Rush.Beta, counted.Rush.Beta, 9);
        Assert.Equal(2, peers.Revenue.Count);
        Assert.Equal(peers.Revenue.Keys.Order(), counted.Revenue.Keys.Order());
        foreach (var (currency, expected) in peers.Revenue)
        {
            var actual = counted.Revenue[currency];
            Assert.Equal(expected.Customers, actual.Customers);
            Assert.Equal(1, actual.Total / expected.Total, 12);
            Assert.Equal(1, actual.Squares / expected.Squares, 12);
            Assert.Equal(1, actual.Concentration / expected.Concentration, 12);
        }
    }

    private static List<string> Versions(BulkHistories histories) => [.. Enumerable.Range(0, histories.Count).Select(i => DataVersion.Of(histories[i]))];

    private async Task<(List<string> Versions, int Passes)> InPassesAsync(DateOnly asOf, int mostRows)
    {
        var reader = new BulkReader(database.Source, TimeProvider.System);
        List<string> versions = [];
        var (after, passes) = ("", 0);
        while (true)
        {
            var pass = await reader.ReadAfterAsync("o", after, asOf, mostRows, () => Task.CompletedTask, Token);
            versions.AddRange(Versions(pass));
            passes++;
            if (pass.IsLast)
            {
                return (versions, passes);
            }

            after = pass.CustomerId(pass.Count - 1);
        }
    }

    private async Task<(long Total, long Done, long Failed, bool IsFinished)> ProgressAsync()
    {
        await using var command = database.Source.CreateCommand("SELECT total, done, failed, finished_at IS NOT NULL AND cursor IS NULL FROM app.pattern_refreshes WHERE organization_id = 'o'");
        await using var reader = await command.ExecuteReaderAsync(Token);
        return await reader.ReadAsync(Token) ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)) : default;
    }

    /// <summary>As if its time had passed.</summary>
    private Task EndLeaseAsync() => database.ExecuteAsync("UPDATE app.pattern_refreshes SET held_until = clock_timestamp()");

    private PatternTable Table() => new(database.Source, new FixedOptions<CacheOptions>(new()), NullLogger<PatternTable>.Instance);

    private BulkRefresh Bulk()
    {
        var detector = new ScriptedDetector("shift", async (subject, token) =>
        {
            await beforeJudging(subject.CustomerId, token);
            judged.AddOrUpdate(subject.CustomerId, 1, (_, times) => times + 1);
            return ScriptedDetector.Found(subject);
        });
        var peers = new PeerReader(database.Source, TimeProvider.System, NullLogger<PeerReader>.Instance);
        var runner = new DetectionRunner(
            [detector], new HistoryReader(database.Source), peers, new FixedOptions<DetectionOptions>(new()), new PatternMetrics(new MeterFactory()), TimeProvider.System, NullLogger<DetectionRunner>.Instance);
        var subjects = new SubjectReader(database.Source, new FixedOptions<CacheOptions>(new()), TimeProvider.System);
        var source = new PatternSource(subjects, runner, TimeProvider.System, NullLogger<PatternSource>.Instance);
        return new BulkRefresh(database.Source, new BulkReader(database.Source, TimeProvider.System), peers, runner, source, new FixedOptions<RefreshOptions>(options), TimeProvider.System);
    }

    private RefreshWorker Worker() => new(
        database.Source, new RefreshLease(database.Source), Bulk(), new FixedOptions<RefreshOptions>(options), new FixedOptions<ChangeFeedOptions>(new()), TimeProvider.System, NullLogger<RefreshWorker>.Instance);
}
