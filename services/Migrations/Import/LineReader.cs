using Platform.Migrations.Contract;

namespace Platform.Migrations.Import;

/// <summary>Turns the fields of one line into the cells of the staging table, in a buffer that is used again for each line.</summary>
internal sealed class LineReader
{
    private readonly Slot[] _slots;
    private readonly CellReader _cells;

    public LineReader(ImportMap map, IReadOnlyDictionary<string, int> header)
    {
        _cells = new CellReader(map);
        _slots =
        [
            .. from table in map.Tables
               from column in table.Columns
               select new Slot(table, column, [.. column.Sources.Select(source => header[source])], table.When is null ? -1 : header[table.When]),
        ];
        Columns = [.. _slots.Select(slot => slot.Column.Target)];
        Cells = new object?[_slots.Length];
    }

    /// <summary>The columns of the staging table.</summary>
    public IReadOnlyList<ContractColumn> Columns { get; }

    /// <summary>The cells of the line read last.</summary>
    public object?[] Cells { get; }

    /// <returns>Why the line is rejected, every complaint of it; null when it is good.</returns>
    public string? Read(string[] fields)
    {
        List<string>? reasons = null;
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            if (slot.When >= 0 && string.IsNullOrWhiteSpace(fields[slot.When]))
            {
                Cells[i] = null;
                continue;
            }

            Cells[i] = _cells.Read(slot.Column, FirstPresent(fields, slot.Sources), out var reason);
            if (reason is null && slot is { Table.Relation.Name: "payments", Column.Target.Name: "amount" } && Cells[i] is 0m)
            {
                reason = "amount 0 is not a payment";
            }

            if (reason is not null)
            {
                (reasons ??= []).Add($"{slot.Table.Relation.Name}: {reason}");
            }
        }

        return reasons is null ? null : string.Join("; ", reasons);
    }

    private static string? FirstPresent(string[] fields, int[] sources)
    {
        foreach (var source in sources)
        {
            if (!string.IsNullOrWhiteSpace(fields[source]))
            {
                return fields[source].Trim();
            }
        }

        return null;
    }

    private sealed record Slot(TableMap Table, ColumnMap Column, int[] Sources, int When);
}
