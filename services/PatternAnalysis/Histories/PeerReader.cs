using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

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

    // Below it the spread of the shares among customers says more about chance than about customers.
    private const int FewestCustomers = 10;

    private const string Sql = """
        WITH seen AS (
          SELECT customer_id, date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month, count(*) AS orders, count(*) FILTER (WHERE priority = 'rush') AS rush
          FROM domain.sales_orders
          WHERE organization_id = @organization AND created_at < @until AND created_at >= @until - interval '24 months' AND status <> 'cancelled'
          GROUP BY 1, 2),
        shares AS (
          SELECT sum(orders)::float8 AS n, sum(rush)::float8 / sum(orders)::float8 AS share FROM seen GROUP BY customer_id HAVING sum(orders) >= 10)
        SELECT month, sum(orders)::bigint, sum(rush)::bigint, (SELECT count(*) FROM shares), (SELECT avg(share) FROM shares), (SELECT var_samp(share) FROM shares), (SELECT avg(1 / n) FROM shares)
        FROM seen GROUP BY month ORDER BY month
        """;

    private readonly ConcurrentDictionary<(string Organization, DateOnly Day), Entry> entries = new();

    public async Task<PeerStatistics> FindAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        var key = (organizationId, asOf);
        var now = clock.GetUtcNow();
        foreach (var old in entries.Where(entry => entry.Value.Until <= now))
        {
            entries.TryRemove(old);
        }

        if (entries.TryGetValue(key, out var kept))
        {
            return kept.Statistics;
        }

        var (statistics, isRead) = await TryReadAsync(organizationId, asOf, cancellationToken);
        entries[key] = new Entry(statistics, now + (isRead ? Fresh : RetryAfter));
        return statistics;
    }

    private async Task<(PeerStatistics Statistics, bool IsRead)> TryReadAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return (await ReadAsync(organizationId, asOf, linked.Token), true);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.PeersUnreadable(logger, exception);
            return (PeerStatistics.None, false);
        }
    }

    /// <summary>Reads anew. For a run over all customers, which reads it once.</summary>
    public async Task<PeerStatistics> ReadAsync(string organizationId, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        List<RushMonth> months = [];
        var (customers, mean, variance, inverse) = (0L, 0.0, 0.0, 0.0);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            months.Add(new RushMonth(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1), reader.GetInt64(2)));
            customers = reader.GetInt64(3);
            if (customers >= FewestCustomers)
            {
                (mean, variance, inverse) = (reader.GetDouble(4), reader.GetDouble(5), reader.GetDouble(6));
            }
        }

        return customers >= FewestCustomers && mean is > 0 and < 1 ? new PeerStatistics { Rush = Fit(months, mean, variance, inverse) } : PeerStatistics.None;
    }

    /// <summary>
    /// Beta distribution by moments: the variance of the shares beyond what counting alone makes, m (1 − m) × mean of 1/n
    /// (Kleinman, Journal of the American Statistical Association 68, 1973), its weight held between 1 and 1,000 orders.
    /// </summary>
    private static RushPeers Fit(List<RushMonth> months, double mean, double variance, double inverse)
    {
        var between = variance - (mean * (1 - mean) * inverse);
        var weight = between > 0 ? Math.Clamp((mean * (1 - mean) / between) - 1, 1, 1000) : 1000;
        return new RushPeers(months, mean * weight, (1 - mean) * weight);
    }

    private sealed record Entry(PeerStatistics Statistics, DateTimeOffset Until);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3, EventName = "PeersUnreadable", Level = LogLevel.Warning, Message = "What is usual among customers cannot be read; customers are judged by their own past alone")]
        public static partial void PeersUnreadable(ILogger logger, Exception exception);
    }
}
