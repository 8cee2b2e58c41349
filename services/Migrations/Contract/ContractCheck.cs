using Npgsql;

namespace Platform.Migrations.Contract;

/// <summary>Compares <c>domain</c> with <see cref="DomainContract"/>: columns and types, and the rows of views, which have no constraints.</summary>
internal sealed class ContractCheck(NpgsqlDataSource dataSource)
{
    /// <summary>Longest time that looking through one view may take.</summary>
    private const int ContentLimitSeconds = 60;

    /// <summary>What is wrong, one sentence each; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var found = await ColumnsAsync(cancellationToken);
        foreach (var relation in DomainContract.Relations)
        {
            var columns = found.Where(column => column.Relation == relation.Name).ToDictionary(column => column.Name, StringComparer.Ordinal);
            if (columns.Count == 0)
            {
                problems.Add($"domain.{relation.Name} does not exist.");
                continue;
            }

            var shape = Shape(relation, columns).ToList();
            problems.AddRange(shape);
            if (shape.Count == 0 && columns.Values.First().Kind is not ('r' or 'p'))
            {
                problems.AddRange(await ContentAsync(relation, cancellationToken));
            }
        }

        return problems;
    }

    private static IEnumerable<string> Shape(ContractRelation relation, Dictionary<string, FoundColumn> columns)
    {
        foreach (var column in relation.Columns)
        {
            if (!columns.TryGetValue(column.Name, out var found))
            {
                yield return $"domain.{relation.Name} lacks column {column.Name} ({string.Join(" or ", column.Types)}).";
            }
            else if (!column.Types.Contains(found.Type))
            {
                yield return $"domain.{relation.Name}.{column.Name} is {found.Type}; needed is {string.Join(" or ", column.Types)}. Cast it in the view.";
            }
        }
    }

    private async Task<IReadOnlyList<string>> ContentAsync(ContractRelation relation, CancellationToken cancellationToken)
    {
        var probes = new List<(string Sql, string Problem)>();
        foreach (var column in relation.Columns)
        {
            if (column.Required)
            {
                probes.Add(($"count(*) FILTER (WHERE {column.Name} IS NULL)", $"rows have no {column.Name}"));
            }

            if (column.Values is { } values)
            {
                var list = string.Join(", ", values.Select(value => $"'{value}'"));
                probes.Add(($"count(*) FILTER (WHERE {column.Name} NOT IN ({list}))", $"rows have a {column.Name} other than {string.Join(", ", values)}"));
            }

            if (column.Name == "currency")
            {
                probes.Add(("count(*) FILTER (WHERE currency !~ '^[A-Z]{3}$')", "rows have a currency that is not three capital letters (ISO 4217)"));
            }
        }

        probes.Add(($"count(*) - count(DISTINCT (organization_id, {relation.Key}))", $"rows repeat another row's organization_id and {relation.Key}"));
        await using var command = dataSource.CreateCommand($"SELECT {string.Join(", ", probes.Select(probe => probe.Sql))} FROM domain.{relation.Name}");
        command.CommandTimeout = ContentLimitSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var problems = new List<string>();
        for (var i = 0; i < probes.Count; i++)
        {
            if (reader.GetInt64(i) is > 0 and var count)
            {
                problems.Add($"domain.{relation.Name}: {count} {probes[i].Problem}.");
            }
        }

        return problems;
    }

    private async Task<IReadOnlyList<FoundColumn>> ColumnsAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT c.relname, c.relkind, a.attname, t.typname
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_type t ON t.oid = a.atttypid
             WHERE n.nspname = 'domain' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<FoundColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(new FoundColumn(reader.GetString(0), reader.GetChar(1), reader.GetString(2), reader.GetString(3)));
        }

        return columns;
    }

    private sealed record FoundColumn(string Relation, char Kind, string Name, string Type);
}
