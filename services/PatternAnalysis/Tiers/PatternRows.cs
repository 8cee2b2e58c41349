using Npgsql;
using NpgsqlTypes;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// One statement that stores the patterns of one customer or of a thousand. A digest over all rows of a customer stands in the one that is
/// served, so that reading it alone shows whether any of them was damaged. What was made from older data than what is there is left out.
/// </summary>
/// <param name="organizationId">Whose.</param>
/// <param name="snapshot">State of the data that all of them were made from.</param>
/// <param name="age">Time since the data were read.</param>
internal sealed class PatternRows(string organizationId, string snapshot, TimeSpan age)
{
    /// <summary>
    /// SQL of the hash of a row, named r, of which the digest of a customer is the exclusive or. PostgreSQL's own hash of 64 bits: to notice damage, without turning every row
    /// into text. Should another version of PostgreSQL hash otherwise, rows are made anew.
    /// </summary>
    public const string RowHash = """
        hash_record_extended(ROW(
          r.pattern_type, r.confidence, r.significance, r.insight, r.data, r.recommendation, r.data_version, r.schema_version, CASE WHEN r.pattern_type <> '_outcomes' THEN r.checksum END), 0)
        """;

    // The row that is served decides whether the others of its customer follow. Rows of the statement are a thousand, for which the
    // planner expects ten: nothing here joins them with each other one by one.
    private const string Sql = $"""
        WITH given AS MATERIALIZED (
          SELECT r.*, int8send(bit_xor({RowHash}) OVER (PARTITION BY r.customer_id)) AS digest
          FROM (SELECT g.customer_id, g.pattern_type, g.confidence, g.significance, g.insight, g.data::jsonb AS data, g.recommendation, g.data_version, g.checksum, g.payload, @schema_version AS schema_version
                FROM unnest(@customers, @types, @confidences, @significances, @insights, @data, @recommendations, @versions, @checksums, @payloads)
                  AS g (customer_id, pattern_type, confidence, significance, insight, data, recommendation, data_version, checksum, payload)) r),
        served AS (
          INSERT INTO app.customer_patterns AS c {Columns}
          SELECT @organization, g.customer_id, g.pattern_type, g.confidence, g.significance, g.insight, g.data, g.recommendation, g.data_version, g.schema_version, g.checksum,
                 clock_timestamp() - @age, g.payload, @snapshot::pg_snapshot, g.digest, clock_timestamp() - @age
          FROM given g WHERE g.pattern_type = '_outcomes' ORDER BY g.customer_id
          {Update}
          WHERE c.read_snapshot IS NULL OR pg_snapshot_xmax(c.read_snapshot) <= pg_snapshot_xmax(excluded.read_snapshot)
          RETURNING c.customer_id),
        gone AS (
          DELETE FROM app.customer_patterns c USING served s
          WHERE c.organization_id = @organization AND c.customer_id = s.customer_id AND c.pattern_type <> '_outcomes'
            AND (c.customer_id, c.pattern_type) NOT IN (SELECT g.customer_id, g.pattern_type FROM given g))
        INSERT INTO app.customer_patterns AS c {Columns}
        SELECT @organization, g.customer_id, g.pattern_type, g.confidence, g.significance, g.insight, g.data, g.recommendation, g.data_version, g.schema_version, g.checksum,
               clock_timestamp() - @age, NULL, NULL, NULL, NULL
        FROM given g WHERE g.pattern_type <> '_outcomes' AND g.customer_id IN (SELECT s.customer_id FROM served s) ORDER BY g.customer_id, g.pattern_type
        {Update}, computed_at = excluded.computed_at
        """;

    private const string Columns = """
        (organization_id, customer_id, pattern_type, confidence, significance, insight, data, recommendation, data_version, schema_version, checksum, computed_at, payload, read_snapshot, rows_digest, read_at)
        """;

    // The row that is served keeps everything that is in an index, so that it is replaced where it is.
    private const string Update = """
        ON CONFLICT (organization_id, customer_id, pattern_type) DO UPDATE SET
          confidence = excluded.confidence, significance = excluded.significance, insight = excluded.insight, data = excluded.data, recommendation = excluded.recommendation,
          data_version = excluded.data_version, schema_version = excluded.schema_version, checksum = excluded.checksum,
          payload = excluded.payload, read_snapshot = excluded.read_snapshot, rows_digest = excluded.rows_digest, read_at = excluded.read_at
        """;

    private readonly List<PatternRow> rows = [];

    public int Count => rows.Count;

    public void Add(IReadOnlyList<PatternRow> ofCustomer) => rows.AddRange(ofCustomer);

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.AddWithValue("schema_version", PatternFormat.Version);
        command.Parameters.Add(new NpgsqlParameter("snapshot", NpgsqlDbType.Text) { Value = snapshot });
        command.Parameters.AddWithValue("age", age);
        Array(command, "customers", NpgsqlDbType.Text, row => row.CustomerId);
        Array(command, "types", NpgsqlDbType.Text, row => row.Type);
        Array(command, "confidences", NpgsqlDbType.Double, row => row.Confidence);
        Array(command, "significances", NpgsqlDbType.Double, row => row.Significance);
        Array(command, "insights", NpgsqlDbType.Text, row => row.Insight);
        Array(command, "data", NpgsqlDbType.Text, row => row.Data);
        Array(command, "recommendations", NpgsqlDbType.Text, row => row.Recommendation);
        Array(command, "versions", NpgsqlDbType.Text, row => row.DataVersion);
        Array(command, "checksums", NpgsqlDbType.Bytea, row => row.Checksum);
        Array(command, "payloads", NpgsqlDbType.Bytea, row => row.Payload);
        return command;
    }

    private void Array<T>(NpgsqlBatchCommand command, string name, NpgsqlDbType type, Func<PatternRow, T> value) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
