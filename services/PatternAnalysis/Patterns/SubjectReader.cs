using Microsoft.Extensions.Options;
using Npgsql;
using Platform.PatternAnalysis.Histories;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Who a customer is, and the state of its data.</summary>
/// <param name="Subject">The customer.</param>
/// <param name="DataVersion">Version of its data: equal for equal data on equal days.</param>
/// <param name="Snapshot">State of the database; what is read afterwards is at least as new.</param>
internal sealed record SubjectReading(Subject Subject, string DataVersion, DataSnapshot Snapshot);

/// <summary>Reads who a customer is and the version of its data.</summary>
internal sealed class SubjectReader(NpgsqlDataSource database, IOptionsMonitor<CacheOptions> options, TimeProvider clock)
{
    private const string Sql = """
        SELECT c.name, c.currency::text, c.status, md5(concat_ws('|', c.status, @as_of,
          (SELECT concat_ws(':', count(*), count(*) FILTER (WHERE status = 'cancelled'), count(*) FILTER (WHERE priority = 'rush'), max(created_at), sum(amount))
           FROM domain.sales_orders WHERE organization_id = @organization AND customer_id = @customer AND created_at < @until),
          (SELECT concat_ws(':', count(*), count(voided_at), max(created_at), sum(amount), sum(due_date - date '2000-01-01'))
           FROM domain.invoices WHERE organization_id = @organization AND customer_id = @customer AND created_at < @until),
          (SELECT concat_ws(':', count(*), max(p.paid_at), sum(p.amount), sum(extract(epoch FROM p.paid_at)))
           FROM domain.payments p JOIN domain.invoices i ON i.organization_id = p.organization_id AND i.invoice_id = p.invoice_id
           WHERE i.organization_id = @organization AND i.customer_id = @customer AND p.paid_at < @until))),
          pg_current_snapshot()::text
        FROM domain.customers c WHERE c.organization_id = @organization AND c.customer_id = @customer
        """;

    /// <returns>Null when there is no such customer.</returns>
    public async Task<SubjectReading?> FindAsync(PatternKey key, DateOnly asOf, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.CurrentValue.DatabaseWriteTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await using var command = database.CreateCommand(Sql);
            command.Parameters.AddWithValue("organization", key.OrganizationId);
            command.Parameters.AddWithValue("customer", key.CustomerId);
            command.Parameters.AddWithValue("as_of", asOf);
            command.Parameters.AddWithValue("until", asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            await using var reader = await command.ExecuteReaderAsync(linked.Token);
            return await reader.ReadAsync(linked.Token)
                ? new SubjectReading(
                    new Subject(key.OrganizationId, key.CustomerId, reader.GetString(0), reader.GetString(1), reader.GetString(2), asOf),
                    reader.GetString(3)[..16], DataSnapshot.Parse(reader.GetString(4)))
                : null;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The customer's data were not read in time", exception);
        }
    }
}
