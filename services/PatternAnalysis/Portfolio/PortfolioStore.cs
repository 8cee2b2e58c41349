using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Portfolio;

/// <summary>The largest changes over all customers, from app.customer_patterns. Pages follow significance, customer and type, so that a page stays right while rows are added.</summary>
internal sealed class PortfolioStore(NpgsqlDataSource database, IOptionsMonitor<PatternOptions> options, CacheMetrics metrics)
{
    private const int DefaultPageSize = 50;

    // The effect of a frequency is a multiple of what it was before; silence is always fewer orders.
    private const string EffectSql = """
        CASE p.pattern_type WHEN 'order_frequency_shift' THEN (p.data -> 'effect' ->> 'value')::float8 - 1 WHEN 'order_silence' THEN -1 ELSE coalesce((p.data -> 'effect' ->> 'value')::float8, 0) END
        """;

    /// <exception cref="FormatException">The page token was not made by this service.</exception>
    public async Task<ListPortfolioResponse> ListAsync(string organizationId, ListPortfolioRequest request, CancellationToken cancellationToken)
    {
        var size = request.Page is { Size: > 0 } page ? page.Size : DefaultPageSize;
        var after = Position.Parse(request.Page?.Token);
        await using var command = database.CreateCommand($"""
            WITH wanted AS (
              SELECT p.customer_id, p.pattern_type, p.significance, p.data::text AS data, p.checksum, p.computed_at
              FROM app.customer_patterns p
              WHERE p.organization_id = @organization AND p.pattern_type <> '{PatternTable.OutcomesType}' AND p.schema_version = {PatternFormat.Version}
                AND p.confidence >= @confidence AND p.significance >= @significance AND (cardinality(@types) = 0 OR p.pattern_type = ANY(@types))
                AND (@from = '' OR p.data -> 'changed_on' ->> 'iso' >= @from) AND (@until = '' OR p.data -> 'changed_on' ->> 'iso' < @until)
                AND (@direction = 0 OR sign({EffectSql}) = @direction))
            SELECT w.customer_id, c.name, w.pattern_type, w.significance, w.data, w.checksum, w.computed_at,
                   t.total, t.customers, t.analysed, t.everyone
            FROM (SELECT (SELECT count(*) FROM wanted) AS total, (SELECT count(DISTINCT customer_id) FROM wanted) AS customers,
                         (SELECT count(*) FROM app.customer_patterns a WHERE a.organization_id = @organization AND a.pattern_type = '{PatternTable.OutcomesType}') AS analysed,
                         (SELECT count(*) FROM domain.customers e WHERE e.organization_id = @organization) AS everyone) t
            LEFT JOIN (wanted w JOIN domain.customers c ON c.organization_id = @organization AND c.customer_id = w.customer_id)
              ON {(after is null ? "true" : "(-w.significance, w.customer_id, w.pattern_type) > (-@after, @after_customer, @after_type)")}
            ORDER BY -w.significance, w.customer_id, w.pattern_type
            LIMIT @limit
            """);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.AddWithValue("confidence", request.MinConfidence > 0 ? request.MinConfidence : options.CurrentValue.MinimumConfidence);
        command.Parameters.AddWithValue("from", request.Changed?.From?.Iso ?? "");
        command.Parameters.AddWithValue("until", request.Changed?.Until?.Iso ?? "");
        command.Parameters.AddWithValue("significance", request.MinSignificance);
        command.Parameters.Add(new NpgsqlParameter("types", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = request.Types_.ToArray() });
        command.Parameters.AddWithValue("direction", request.Direction switch { Direction.Rising => 1d, Direction.Falling => -1d, _ => 0d });
        command.Parameters.AddWithValue("limit", size + 1);
        if (after is not null)
        {
            command.Parameters.AddWithValue("after", after.Significance);
            command.Parameters.AddWithValue("after_customer", after.CustomerId);
            command.Parameters.AddWithValue("after_type", after.Type);
        }

        var response = new ListPortfolioResponse { Page = new PageResponse() };
        Position? last = null;
        var read = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (response.Total, response.TotalCustomers) = (reader.GetInt64(7), reader.GetInt64(8));
            (response.AnalysedCustomers, response.OrganizationCustomers) = (reader.GetInt64(9), reader.GetInt64(10));
            if (reader.IsDBNull(0))
            {
                break;
            }

            if (++read > size)
            {
                response.Page.NextToken = last!.ToToken();
                break;
            }

            last = new Position(reader.GetDouble(3), reader.GetString(0), reader.GetString(2));
            var insight = StoredInsight.TryParse<Insight>(reader.GetString(4));
            if (insight is null || !StoredInsight.Checksum(new PatternKey(organizationId, last.CustomerId), insight).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(5)))
            {
                // A damaged row is repaired when its customer is asked for; here it is left out.
                metrics.Counter("patterns", "postgres", "read", "corrupt").Add();
                continue;
            }

            response.Entries.Add(new PortfolioEntry
            {
                Customer = new EntityRef { Type = EntityType.Customer, Id = last.CustomerId, Name = reader.GetString(1) },
                Insight = insight,
                ComputedAt = reader.GetFieldValue<DateTimeOffset>(6).ToTimestamp(),
            });
        }

        return response;
    }

    private sealed record Position(double Significance, string CustomerId, string Type)
    {
        public string ToToken() =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('\n', Significance.ToString("R", CultureInfo.InvariantCulture), CustomerId, Type)));

        public static Position? Parse(string? token)
        {
            if (string.IsNullOrEmpty(token))
            {
                return null;
            }

            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('\n');
            return parts is [var significance, var customer, var type]
                ? new Position(double.Parse(significance, CultureInfo.InvariantCulture), customer, type)
                : throw new FormatException("Three parts are expected");
        }
    }
}
