using System.Text;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Patterns of one customer as they are stored.</summary>
/// <param name="CustomerId">Of whom.</param>
/// <param name="Patterns">What was found.</param>
/// <param name="Snapshot">State of the data that they were made from.</param>
/// <param name="Age">Time since the data were read.</param>
internal sealed record StoredPatterns(string CustomerId, CustomerPatterns Patterns, string Snapshot, TimeSpan Age);

/// <summary>
/// One statement that stores the patterns of one customer or of a thousand: a row for each insight, to be searched, and one of type
/// "_outcomes" with the whole as bytes, to be served. A digest over all rows of the customer stands in the latter, so that reading it
/// alone shows whether any of them was damaged. What was made from older data than what is there is left out.
/// </summary>
internal sealed class PatternRows(string organizationId)
{
    public const string OutcomesType = "_outcomes";

    /// <summary>
    /// SQL of the digest over all rows of a customer, named r. PostgreSQL's own hash of 64 bits: to notice damage, without turning every row
    /// into text. Should another version of PostgreSQL hash otherwise, rows are made anew.
    /// </summary>
    public const string Digest = """
        int8send(bit_xor(hash_record_extended(ROW(
          r.pattern_type, r.confidence, r.significance, r.insight, r.data, r.recommendation, r.data_version, r.schema_version, CASE WHEN r.pattern_type <> '_outcomes' THEN r.checksum END), 0)))
        """;

    private const string Sql = $"""
        WITH given AS MATERIALIZED (
          SELECT g.customer_id, g.pattern_type, g.confidence, g.significance, g.insight, g.data::jsonb AS data, g.recommendation, g.data_version, g.checksum, g.payload, g.read_snapshot, g.age,
                 @schema_version AS schema_version
          FROM unnest(@customers, @types, @confidences, @significances, @insights, @data, @recommendations, @versions, @checksums, @payloads, @snapshots, @ages)
            AS g (customer_id, pattern_type, confidence, significance, insight, data, recommendation, data_version, checksum, payload, read_snapshot, age)),
        digests AS (
          SELECT r.customer_id, {Digest} AS digest FROM given r GROUP BY r.customer_id),
        accepted AS (
          SELECT g.customer_id, d.digest FROM given g JOIN digests d USING (customer_id)
          LEFT JOIN app.customer_patterns c ON c.organization_id = @organization AND c.customer_id = g.customer_id AND c.pattern_type = '_outcomes'
          WHERE g.pattern_type = '_outcomes' AND (c.read_snapshot IS NULL OR pg_snapshot_xmax(c.read_snapshot) <= pg_snapshot_xmax(g.read_snapshot::pg_snapshot))),
        gone AS (
          DELETE FROM app.customer_patterns c USING accepted a
          WHERE c.organization_id = @organization AND c.customer_id = a.customer_id
            AND NOT EXISTS (SELECT FROM given g WHERE g.customer_id = c.customer_id AND g.pattern_type = c.pattern_type))
        INSERT INTO app.customer_patterns AS c
          (organization_id, customer_id, pattern_type, confidence, significance, insight, data, recommendation, data_version, schema_version, checksum, computed_at, payload, read_snapshot, rows_digest)
        SELECT @organization, g.customer_id, g.pattern_type, g.confidence, g.significance, g.insight, g.data, g.recommendation, g.data_version, g.schema_version, g.checksum,
               clock_timestamp() - g.age, g.payload, g.read_snapshot::pg_snapshot, CASE WHEN g.pattern_type = '_outcomes' THEN a.digest END
        FROM given g JOIN accepted a USING (customer_id)
        ORDER BY g.customer_id, g.pattern_type
        ON CONFLICT (organization_id, customer_id, pattern_type) DO UPDATE SET
          confidence = excluded.confidence, significance = excluded.significance, insight = excluded.insight, data = excluded.data, recommendation = excluded.recommendation,
          data_version = excluded.data_version, schema_version = excluded.schema_version, checksum = excluded.checksum, computed_at = excluded.computed_at,
          payload = excluded.payload, read_snapshot = excluded.read_snapshot, rows_digest = excluded.rows_digest
        """;

    private readonly List<string> customers = [], types = [], insights = [], data = [], recommendations = [], versions = [];
    private readonly List<double> confidences = [], significances = [];
    private readonly List<byte[]> checksums = [];
    private readonly List<byte[]?> payloads = [];
    private readonly List<string?> snapshots = [];
    private readonly List<TimeSpan> ages = [];

    /// <summary>Checksum of the row that is served.</summary>
    public static byte[] Checksum(PatternKey key, byte[] payload, string snapshot) => PatternChecksum.Of(key, payload, Encoding.UTF8.GetBytes(snapshot));

    public void Add(StoredPatterns stored)
    {
        var key = new PatternKey(organizationId, stored.CustomerId);
        var payload = stored.Patterns.ToByteArray();
        var outcomes = stored.Patterns.Clone();
        outcomes.Insights.Clear();
        Add(stored, OutcomesType, 1, 0, "", StoredInsight.ToJson(outcomes), "", Checksum(key, payload, stored.Snapshot), payload);
        foreach (var insight in stored.Patterns.Insights)
        {
            Add(stored, insight.Type, insight.Confidence, insight.Significance, insight.Text, StoredInsight.ToJson(insight), insight.Recommendation, StoredInsight.Checksum(key, insight), null);
        }
    }

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.AddWithValue("schema_version", PatternFormat.Version);
        Array(command, "customers", NpgsqlDbType.Text, customers);
        Array(command, "types", NpgsqlDbType.Text, types);
        Array(command, "confidences", NpgsqlDbType.Double, confidences);
        Array(command, "significances", NpgsqlDbType.Double, significances);
        Array(command, "insights", NpgsqlDbType.Text, insights);
        Array(command, "data", NpgsqlDbType.Text, data);
        Array(command, "recommendations", NpgsqlDbType.Text, recommendations);
        Array(command, "versions", NpgsqlDbType.Text, versions);
        Array(command, "checksums", NpgsqlDbType.Bytea, checksums);
        Array(command, "payloads", NpgsqlDbType.Bytea, payloads);
        Array(command, "snapshots", NpgsqlDbType.Text, snapshots);
        Array(command, "ages", NpgsqlDbType.Interval, ages);
        return command;
    }

    private void Add(
        StoredPatterns stored, string type, double confidence, double significance, string insight, string json, string recommendation, byte[] checksum, byte[]? payload)
    {
        customers.Add(stored.CustomerId);
        types.Add(type);
        confidences.Add(confidence);
        significances.Add(significance);
        insights.Add(insight);
        data.Add(json);
        recommendations.Add(recommendation);
        versions.Add(stored.Patterns.DataVersion);
        checksums.Add(checksum);
        payloads.Add(payload);
        snapshots.Add(payload is null ? null : stored.Snapshot);
        ages.Add(stored.Age);
    }

    private static void Array<T>(NpgsqlBatchCommand command, string name, NpgsqlDbType type, List<T> values) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values.ToArray() });
}
