using Microsoft.Extensions.Options;
using Npgsql;
using Platform.PatternAnalysis.Histories;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Who a customer is, and the state of the data.</summary>
/// <param name="Subject">The customer.</param>
/// <param name="Snapshot">State of the database; what is read afterwards is at least as new.</param>
internal sealed record SubjectReading(Subject Subject, DataSnapshot Snapshot);

/// <summary>Reads who a customer is.</summary>
internal sealed class SubjectReader(NpgsqlDataSource database, IOptionsMonitor<CacheOptions> options, TimeProvider clock)
{
    private const string Sql = """
        SELECT c.name, c.currency::text, c.status, pg_current_snapshot()::text FROM domain.customers c WHERE c.organization_id = @organization AND c.customer_id = @customer
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
            await using var reader = await command.ExecuteReaderAsync(linked.Token);
            return await reader.ReadAsync(linked.Token)
                ? new SubjectReading(
                    new Subject(key.OrganizationId, key.CustomerId, reader.GetString(0), reader.GetString(1), reader.GetString(2), asOf), DataSnapshot.Parse(reader.GetString(3)))
                : null;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The customer's data were not read in time", exception);
        }
    }
}
