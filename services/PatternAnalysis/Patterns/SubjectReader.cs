using Microsoft.Extensions.Options;
using Npgsql;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Reads who a customer is and the version of its data.</summary>
internal sealed class SubjectReader(NpgsqlDataSource database, IOptionsMonitor<TierOptions> options, TimeProvider clock)
{
    private const string Sql = """
        SELECT c.name, c.currency::text, c.status, md5(concat_ws('|', c.status, @as_of,
          (SELECT concat_ws(':', count(*), count(*) FILTER (WHERE status = 'cancelled'), count(*) FILTER (WHERE priority = 'rush'), max(created_at), sum(amount))
           FROM domain.sales_orders WHERE organization_id = @organization AND customer_id = @customer AND created_at < @until),
          (SELECT concat_ws(':', count(*), count(voided_at), max(created_at), sum(amount), sum(due_date - date '2000-01-01'))
           FROM domain.invoices WHERE organization_id = @organization AND customer_id = @customer AND created_at < @until),
          (SELECT concat_ws(':', count(*), max(p.paid_at), sum(p.amount), sum(extract(epoch FROM p.paid_at)))
           FROM domain.payments p JOIN domain.invoices i ON i.organization_id = p.organization_id AND i.invoice_id = p.invoice_id
           WHERE i.organization_id = @organization AND i.customer_id = @customer AND p.paid_at < @until)))
        FROM domain.customers c WHERE c.organization_id = @organization AND c.customer_id = @customer
        """;

    /// <returns>Null when there is no such customer.</returns>
    public async Task<(Subject Subject, string DataVersion)?> FindAsync(PatternKey key, DateOnly asOf, CancellationToken cancellationToken)
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
                ? (new Subject(key.OrganizationId, key.CustomerId, reader.GetString(0), reader.GetString(1), reader.GetString(2), asOf), reader.GetString(3)[..16])
                : null;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The customer's data were not read in time", exception);
        }
    }
}
