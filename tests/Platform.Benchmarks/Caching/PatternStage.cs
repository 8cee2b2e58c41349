using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.AmountAnomaly;
using Platform.PatternAnalysis.Detectors.OrderFrequency;
using Platform.PatternAnalysis.Detectors.OrderSeasonality;
using Platform.PatternAnalysis.Detectors.OrderSilence;
using Platform.PatternAnalysis.Detectors.OrderTrend;
using Platform.PatternAnalysis.Detectors.PaymentTimingShift;
using Platform.PatternAnalysis.Detectors.PeerPercentile;
using Platform.PatternAnalysis.Detectors.RevenueConcentration;
using Platform.PatternAnalysis.Detectors.RushOrderFrequency;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Histories.Bulk;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Refreshing;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Benchmarks.Caching;

/// <summary>PostgreSQL and Redis with generated customers, and replicas of the pattern service's inside over them. The servers are those of the tests, or its own.</summary>
internal sealed class PatternStage : IAsyncDisposable
{
    public const string Organization = "benchmark";

    private readonly PlatformServers servers;

    private PatternStage(PlatformServers servers, NpgsqlDataSource database, IConnectionMultiplexer redis)
    {
        this.servers = servers;
        Database = database;
        Redis = redis;
    }

    public NpgsqlDataSource Database { get; }

    public IConnectionMultiplexer Redis { get; }

    /// <param name="customers">Each with about ten invoices, as many payments and five orders.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<PatternStage> BuildAsync(int customers, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync("p2_bench", cancellationToken)) { MaxPoolSize = 40, CommandTimeout = 300, MaxAutoPrepare = 40, Options = "-c jit=off" }.ConnectionString);
        await FillAsync(database, customers, cancellationToken);
        return new PatternStage(servers, database, await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString));
    }

    /// <summary>The schema, and customers with what they ordered and paid.</summary>
    public static async Task FillAsync(NpgsqlDataSource database, int customers, CancellationToken cancellationToken)
    {
        await PlatformSchema.CreateAsync(database, cancellationToken);
        await using (var fill = database.CreateCommand($"""
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at)
            SELECT '{Organization}', 'C' || lpad(c::text, 6, '0'), 'Customer ' || c, 'EUR', '2020-01-01Z' FROM generate_series(1, {customers}) c;
            INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at)
            SELECT '{Organization}', 'O' || c || '-' || n, 'SO' || c || '-' || n, 'C' || lpad(c::text, 6, '0'), CASE WHEN random() < 0.1 THEN 'rush' ELSE 'normal' END, 'delivered', round((100 + random() * 900)::numeric, 2), 'EUR',
                   now() - (n * 100 + random() * 40) * interval '1 day'
            FROM generate_series(1, {customers}) c, generate_series(1, 5) n;
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date)
            SELECT '{Organization}', 'I' || c || '-' || n, 'IN' || c || '-' || n, 'C' || lpad(c::text, 6, '0'), round((100 + random() * 900)::numeric, 2), 'EUR', d - interval '30 days', d::date
            FROM generate_series(1, {customers}) c, LATERAL generate_series(1, 1 + c % 19) n, LATERAL (SELECT now() - (n * 40 + random() * 20) * interval '1 day' AS d) x;
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at)
            SELECT organization_id, 'P' || invoice_id, invoice_id, amount, currency, due_date + (random() * 12) * interval '1 day' FROM domain.invoices WHERE due_date < now() - interval '10 days';
            CREATE INDEX ON domain.sales_orders (organization_id, customer_id, created_at DESC);
            CREATE INDEX ON domain.invoices (organization_id, customer_id, due_date, created_at);
            CREATE INDEX ON domain.payments (organization_id, invoice_id, paid_at);
            CREATE INDEX ON app.change_events (organization_id, customer_id, transaction_id);
            CREATE INDEX ON app.change_events (transaction_id);
            CREATE INDEX ON app.customer_patterns (organization_id, customer_id, computed_at DESC);
            CREATE INDEX ON app.customer_patterns (organization_id, customer_id, confidence DESC) WHERE confidence > 0.6;
            CREATE INDEX ON app.customer_patterns (organization_id, pattern_type, significance DESC);
            """))
        {
            await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var analyze = database.CreateCommand("VACUUM ANALYZE"))
        {
            await analyze.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public static CacheKey Customer(int number) => new(Organization, $"C{number:000000}");

    public DetectionRunner Runner() => new(
        [
            new RushOrderDetector(new FixedOptions<RushOrderOptions>(new())),
            new PaymentTimingDetector(new FixedOptions<PaymentTimingOptions>(new())),
            new AmountAnomalyDetector(new FixedOptions<AmountAnomalyOptions>(new())),
            new OrderSilenceDetector(new FixedOptions<OrderSilenceOptions>(new())),
            new OrderFrequencyDetector(new FixedOptions<OrderFrequencyOptions>(new())),
            new OrderTrendDetector(new FixedOptions<OrderTrendOptions>(new())),
            new OrderSeasonalityDetector(new FixedOptions<OrderSeasonalityOptions>(new())),
            new PeerPercentileDetector(new FixedOptions<PeerPercentileOptions>(new())),
            new RevenueConcentrationDetector(new FixedOptions<RevenueConcentrationOptions>(new())),
        ],
        new HistoryReader(Database), Peers(), new FixedOptions<DetectionOptions>(new()), new PatternMetrics(new MeterFactory()), TimeProvider.System, NullLogger<DetectionRunner>.Instance);

    private PeerReader Peers() => new(Database, TimeProvider.System, NullLogger<PeerReader>.Instance);

    public PatternSource Source() => new(new SubjectReader(Database, new FixedOptions<CacheOptions>(new()), TimeProvider.System), Runner(), TimeProvider.System, NullLogger<PatternSource>.Instance);

    public PatternTable Table() => new(Database, new FixedOptions<CacheOptions>(new()), NullLogger<PatternTable>.Instance);

    public BulkRefresh Bulk(RefreshOptions options) =>
        new(Database, new BulkReader(Database, TimeProvider.System), Peers(), Runner(), Source(), new FixedOptions<RefreshOptions>(options), TimeProvider.System);

    /// <summary>Processor time of the backends that are there now, which the pool keeps; PostgreSQL runs beside this process.</summary>
    public async Task<TimeSpan> ServerTimeAsync(CancellationToken cancellationToken)
    {
        const double ticksPerSecond = 100;
        await using var command = Database.CreateCommand("SELECT pid FROM pg_stat_activity WHERE datname = current_database()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ticks = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            // After the name, which stands in brackets: state, ten more fields, time in user mode, time in the kernel (proc_pid_stat(5)).
            var stat = await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{reader.GetInt32(0)}/stat"), cancellationToken);
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }

        return TimeSpan.FromSeconds(ticks / ticksPerSecond);
    }

    /// <summary>A replica.</summary>
    /// <param name="name">Name of its cache: replicas of one name share Redis.</param>
    /// <param name="options">Of the cache.</param>
    /// <param name="source">What computes; the detectors unless given.</param>
    public TieredCache<CustomerPatterns> Replica(string name, CacheOptions options, ICacheSource<CustomerPatterns>? source = null) =>
        new CacheDefinition<CustomerPatterns>(name, source ?? Source(), PatternFormat.Instance, Table(), () => options)
            .Build(Redis, new CacheMetrics(new MeterFactory()), TimeProvider.System, new Random(1), NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        Redis.Dispose();
        await Database.DisposeAsync();
        await servers.DisposeAsync();
    }
}
