using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Histories;

/// <summary>
/// Reads what is usual among an organization's customers and keeps it for an hour: it moves slowly, and reading it goes over
/// all orders of two years. When it cannot be read in time, customers are judged by their own past alone.
/// </summary>
internal sealed partial class PeerReader(NpgsqlDataSource database, TimeProvider clock, ILogger<PeerReader> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>Customers whose payments are compared: enough for a quantile, few enough to be read within a second of however many.</summary>
    public const int MostCustomers = 1000;

    /// <summary>Customers whose invoices are compared with their neighbours.</summary>
    private const int MostSeries = 200;

    /// <summary>Invoices on either side of a change, as the detector of payment timing has it.</summary>
    private const int SeriesSegment = 5;

    /// <summary>Invoices within 12 months that make a customer's median.</summary>
    public const int FewestInvoices = 5;

    private static readonly string RushSql = $"""
        WITH seen AS (
          SELECT customer_id, date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month, count(*) AS orders, count(*) FILTER (WHERE priority = 'rush') AS rush
          FROM domain.sales_orders
          WHERE organization_id = @organization AND created_at < @until AND created_at >= @until - interval '24 months' AND status <> 'cancelled'
          GROUP BY 1, 2),
        shares AS (
          SELECT sum(orders)::float8 AS n, sum(rush)::float8 / sum(orders)::float8 AS share FROM seen GROUP BY customer_id HAVING sum(orders) >= {RushPeers.FewestOrders})
        SELECT month, sum(orders)::bigint, sum(rush)::bigint, (SELECT count(*) FROM shares), (SELECT avg(share) FROM shares), (SELECT var_samp(share) FROM shares), (SELECT avg(1 / n) FROM shares)
        FROM seen GROUP BY month ORDER BY month
        """;

    private static readonly string PaymentsSql = $"""
        WITH chosen AS (SELECT customer_id FROM domain.customers WHERE organization_id = @organization ORDER BY md5(customer_id) LIMIT {MostCustomers})
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(p.paid_on, (@until AT TIME ZONE 'UTC')::date - 1) - i.due_date) AS median
        FROM chosen JOIN domain.invoices i ON i.organization_id = @organization AND i.customer_id = chosen.customer_id
        {HistoryReader.PaidOn}
        WHERE i.created_at < @until AND i.amount > 0 AND (i.voided_at IS NULL OR i.voided_at >= @until) AND i.due_date < (@until AT TIME ZONE 'UTC')::date AND i.due_date > (@until AT TIME ZONE 'UTC')::date - 366
        GROUP BY i.customer_id HAVING count(*) >= {FewestInvoices} ORDER BY median
        """;

    // Fewer customers than medians are read for: their whole histories are looked at.
    private static readonly string LatenessSql = $"""
        WITH chosen AS (SELECT customer_id FROM domain.customers WHERE organization_id = @organization ORDER BY md5(customer_id) LIMIT {MostSeries})
        SELECT i.customer_id, (coalesce(p.paid_on, (@until AT TIME ZONE 'UTC')::date - 1) - i.due_date)::float8, p.paid_on IS NULL
        FROM chosen JOIN domain.invoices i ON i.organization_id = @organization AND i.customer_id = chosen.customer_id
        {HistoryReader.PaidOn}
        WHERE i.created_at < @until AND i.amount > 0 AND (i.voided_at IS NULL OR i.voided_at >= @until) AND i.due_date < (@until AT TIME ZONE 'UTC')::date AND i.due_date > (@until AT TIME ZONE 'UTC')::date - 1461
        ORDER BY i.customer_id, i.due_date, i.invoice_id COLLATE "C"
        """;

    private const string RevenueSql = """
        SELECT currency, count(*), sum(amount)::float8, sum(squares)::float8, (sum(amount * amount) / (sum(amount) * sum(amount)))::float8
        FROM (SELECT customer_id, currency::text AS currency, sum(amount) AS amount, sum(amount * amount) AS squares
              FROM domain.sales_orders
              WHERE organization_id = @organization AND created_at < @until AND created_at >= @until - interval '365 days' AND status <> 'cancelled' AND amount > 0
              GROUP BY 1, 2) ordered
        GROUP BY currency
        """;

    private readonly ConcurrentDictionary<(string Organization, DateOnly Day, HistoryParts Part), Entry> entries = new();

    /// <summary>Everything that is known of the others.</summary>
    public async Task<PeerStatistics> FindAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        var payments = await FindAsync(organizationId, asOf, HistoryParts.PeerPayments, cancellationToken);
        return await FindAsync(organizationId, asOf, HistoryParts.PeerOrders, cancellationToken) with { Payments = payments.Payments };
    }

    /// <summary>One part, so that a table that cannot be read takes away no more than what is made of it.</summary>
    public async Task<PeerStatistics> FindAsync(string organizationId, DateOnly asOf, HistoryParts part, CancellationToken cancellationToken)
    {
        var key = (organizationId, asOf, part);
        foreach (var old in entries.Where(entry => clock.GetElapsedTime(entry.Value.ReadAt) >= entry.Value.Life))
        {
            entries.TryRemove(old);
        }

        if (entries.TryGetValue(key, out var kept))
        {
            return kept.Statistics;
        }

        var startedAt = clock.GetTimestamp();
        var (statistics, isRead) = await TryReadAsync(organizationId, asOf, part, cancellationToken);
        entries[key] = new Entry(statistics, startedAt, isRead ? Fresh : RetryAfter);
        return statistics;
    }

    private async Task<(PeerStatistics Statistics, bool IsRead)> TryReadAsync(string organizationId, DateOnly asOf, HistoryParts part, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return (await ReadAsync(organizationId, asOf, part, linked.Token), true);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.PeersUnreadable(logger, exception);
            return (PeerStatistics.None, false);
        }
    }

    private async Task<PeerStatistics> ReadAsync(string organizationId, DateOnly asOf, HistoryParts part, CancellationToken cancellationToken) => part == HistoryParts.PeerPayments
        ? new PeerStatistics { Payments = await ReadPaymentsAsync(organizationId, asOf, cancellationToken) }
        : new PeerStatistics
        {
            Rush = await ReadRushAsync(organizationId, asOf, cancellationToken),
            Revenue = await ReadRevenueAsync(organizationId, asOf, cancellationToken),
        };

    private async Task<RushPeers?> ReadRushAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = Command(RushSql, organizationId, asOf);
        List<RushMonth> months = [];
        var (customers, mean, variance, inverse) = (0L, 0.0, 0.0, 0.0);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            months.Add(new RushMonth(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetInt64(2)));
            customers = reader.GetInt64(3);
            if (customers >= RushPeers.FewestCustomers)
            {
                (mean, variance, inverse) = (reader.GetDouble(4), reader.GetDouble(5), reader.GetDouble(6));
            }
        }

        return RushPeers.Fit(months, customers, mean, variance, inverse);
    }

    private async Task<PaymentPeers> ReadPaymentsAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = Command(PaymentsSql, organizationId, asOf);
        List<double> medians = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            medians.Add(reader.GetDouble(0));
        }

        return new PaymentPeers(medians) { Autocorrelation = AutocorrelationPeers.Fit(await ReadAutocorrelationsAsync(organizationId, asOf, cancellationToken)) };
    }

    private async Task<List<(double Estimate, int Invoices)>> ReadAutocorrelationsAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = Command(LatenessSql, organizationId, asOf);
        List<(double, int)> estimates = [];
        var (customer, values, isOpen) = ("", new List<double>(), new List<bool>());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetString(0) != customer)
            {
                End();
                customer = reader.GetString(0);
            }

            values.Add(reader.GetDouble(1));
            isOpen.Add(reader.GetBoolean(2));
        }

        End();
        return estimates;

        void End()
        {
            if (values.Count >= AutocorrelationPeers.FewestInvoices)
            {
                estimates.Add((RankScan.Autocorrelation([.. values], [.. isOpen], SeriesSegment), values.Count));
            }

            values.Clear();
            isOpen.Clear();
        }
    }

    private async Task<IReadOnlyDictionary<string, RevenuePeers>> ReadRevenueAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = Command(RevenueSql, organizationId, asOf);
        Dictionary<string, RevenuePeers> revenue = new(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            revenue[reader.GetString(0)] = new RevenuePeers(reader.GetInt64(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4));
        }

        return revenue;
    }

    private NpgsqlCommand Command(string sql, string organizationId, DateOnly asOf)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        return command;
    }

    // Times of the monotonic clock: a wall clock that jumps makes nothing older or younger.
    private sealed record Entry(PeerStatistics Statistics, long ReadAt, TimeSpan Life);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3, EventName = "PeersUnreadable", Level = LogLevel.Warning, Message = "What is usual among customers cannot be read; customers are judged by their own past alone")]
        public static partial void PeersUnreadable(ILogger logger, Exception exception);
    }
}
