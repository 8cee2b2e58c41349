using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Reads the rows that an insight rests on.</summary>
internal sealed class EvidenceReader(NpgsqlDataSource database)
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["domain.sales_orders"] = "order_id",
        ["domain.invoices"] = "invoice_id",
        ["domain.payments"] = "payment_id",
    };

    public async Task<List<EvidenceRow>> ReadAsync(string organizationId, Evidence evidence, CancellationToken cancellationToken)
    {
        if (!Keys.TryGetValue(evidence.Table, out var key))
        {
            return [];
        }

        await using var command = database.CreateCommand($"""
            SELECT t.{key}, to_jsonb(t) - 'organization_id' FROM {evidence.Table} t
            WHERE t.organization_id = @organization AND t.{key} = ANY(@ids) ORDER BY array_position(@ids, t.{key})
            """);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = evidence.RowIds.ToArray() });
        List<EvidenceRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new EvidenceRow { Table = evidence.Table, RowId = reader.GetString(0) };
            using var columns = JsonDocument.Parse(reader.GetString(1));
            foreach (var column in columns.RootElement.EnumerateObject().Where(column => column.Value.ValueKind != JsonValueKind.Null))
            {
                row.Columns.Add(column.Name, column.Value.ToString());
            }

            rows.Add(row);
        }

        return rows;
    }
}
