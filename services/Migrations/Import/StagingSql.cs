using Platform.Migrations.Contract;

namespace Platform.Migrations.Import;

/// <summary>The SQL of one import: a staging table of the session, checks that mark lines as rejected, and the merge.</summary>
/// <remarks>Names come from <see cref="DomainContract"/> only; values are parameters. $1 is the organization throughout.</remarks>
internal sealed class StagingSql(ImportMap map)
{
    private static readonly (string Child, string Column, string Parent)[] Links =
    [
        ("sales_orders", "customer_id", "customers"),
        ("invoices", "customer_id", "customers"),
        ("invoices", "order_id", "sales_orders"),
        ("payments", "invoice_id", "invoices"),
    ];

    /// <summary>Takes its types from the domain tables, so that comparisons are exact.</summary>
    public string Create
    {
        get
        {
            var columns = map.Tables.SelectMany(table => table.Columns.Select(column => $"{table.Relation.Name}.{column.Target.Name} AS {Staged(table, column.Target.Name)}"));
            var tables = map.Tables.Select(table => $"domain.{table.Relation.Name} AS {table.Relation.Name}");
            return $"CREATE TEMP TABLE import_lines ON COMMIT DROP AS SELECT 0::bigint AS line, NULL::text AS reject, {string.Join(", ", columns)} FROM {string.Join(", ", tables)} WHERE false";
        }
    }

    public string Copy
    {
        get
        {
            var columns = map.Tables.SelectMany(table => table.Columns.Select(column => Staged(table, column.Target.Name)));
            return $"COPY import_lines (line, {string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)";
        }
    }

    /// <summary>Statements that mark lines whose key came before, in the file or in the database, with other content.</summary>
    public IEnumerable<string> DuplicateChecks()
    {
        foreach (var table in map.Tables.Where(table => table.WhenDifferent == WhenDifferent.Reject))
        {
            var key = Staged(table, table.Relation.Key);
            var content = Content(table);
            yield return $"""
                WITH repeated AS (SELECT {key} FROM import_lines WHERE reject IS NULL AND {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1),
                     first AS (SELECT DISTINCT ON ({key}) * FROM import_lines JOIN repeated USING ({key}) WHERE reject IS NULL ORDER BY {key}, line)
                UPDATE import_lines AS l
                   SET reject = '{table.Relation.Key} ' || l.{key} || ' is on line ' || f.line || ' already, with other content'
                  FROM first AS f
                 WHERE l.reject IS NULL AND l.{key} = f.{key} AND l.line > f.line
                   AND ({Row("l", content.Select(name => Staged(table, name)))}) IS DISTINCT FROM ({Row("f", content.Select(name => Staged(table, name)))})
                """;
            yield return $"""
                UPDATE import_lines AS l
                   SET reject = '{table.Relation.Key} ' || l.{key} || ' is in the database already, with other content'
                  FROM domain.{table.Relation.Name} AS d
                 WHERE l.reject IS NULL AND d.organization_id = $1 AND d.{table.Relation.Key} = l.{key}
                   AND ({Row("l", content.Select(name => Staged(table, name)))}) IS DISTINCT FROM ({Row("d", content)})
                """;
        }
    }

    /// <summary>Statements that mark lines which refer to a row that neither the database nor another line has.</summary>
    public IEnumerable<string> LinkChecks()
    {
        foreach (var (child, column, parent) in Links)
        {
            var table = map.Tables.FirstOrDefault(candidate => candidate.Relation.Name == child);
            if (table is null || table.Columns.All(candidate => candidate.Target.Name != column))
            {
                continue;
            }

            var parentKey = DomainContract.Relations.Single(relation => relation.Name == parent).Key;
            var staged = map.Tables.FirstOrDefault(candidate => candidate.Relation.Name == parent);
            var reference = Staged(table, column);
            var orStaged = staged is null
                ? string.Empty
                : $" AND NOT EXISTS (SELECT FROM import_lines AS p WHERE p.reject IS NULL AND p.{Staged(staged, parentKey)} = l.{reference})";
            yield return $"""
                UPDATE import_lines AS l
                   SET reject = '{column} ' || l.{reference} || ' is unknown: no such row in {parent}'
                 WHERE l.reject IS NULL AND l.{reference} IS NOT NULL
                   AND NOT EXISTS (SELECT FROM domain.{parent} AS d WHERE d.organization_id = $1 AND d.{parentKey} = l.{reference}){orStaged}
                """;
        }
    }

    /// <summary>The statement that fills a table; it returns the numbers of rows added and changed.</summary>
    public string Merge(TableMap table)
    {
        var key = Staged(table, table.Relation.Key);
        var names = table.Columns.Select(column => column.Target.Name).ToList();
        var values = names.Select(name => (table.Relation.Name, name) switch
        {
            // A customer that is made from its invoices exists since the first of them.
            ("customers", "created_at") => $"min({Staged(table, name)}) OVER (PARTITION BY {key})",
            _ => Staged(table, name),
        });
        var content = Content(table).ToList();
        var conflict = table.WhenDifferent == WhenDifferent.Update && content.Count > 0
            ? $"DO UPDATE SET {string.Join(", ", content.Select(name => $"{name} = excluded.{name}"))} WHERE ({Row("t", content)}) IS DISTINCT FROM ({Row("excluded", content)})"
            : "DO NOTHING";
        return $"""
            WITH merged AS (
                INSERT INTO domain.{table.Relation.Name} AS t (organization_id, {string.Join(", ", names)})
                SELECT DISTINCT ON ({key}) $1, {string.Join(", ", values)}
                  FROM import_lines
                 WHERE reject IS NULL AND {key} IS NOT NULL
                 ORDER BY {key}, line {(table.WhenDifferent == WhenDifferent.Update ? "DESC" : "ASC")}
                ON CONFLICT (organization_id, {table.Relation.Key}) {conflict}
                RETURNING xmax = 0 AS added)
            SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged
            """;
    }

    private static string Staged(TableMap table, string column) => $"{table.Relation.Name}__{column}";

    private static IEnumerable<string> Content(TableMap table) =>
        table.Columns.Select(column => column.Target.Name).Where(name => name != table.Relation.Key);

    private static string Row(string alias, IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{alias}.{column}"));
}
