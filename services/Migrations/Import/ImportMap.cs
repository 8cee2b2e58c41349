using System.Text;
using Platform.Migrations.Contract;

namespace Platform.Migrations.Import;

/// <summary>What to do with a row whose key is there already with other content.</summary>
internal enum WhenDifferent
{
    /// <summary>Reject the line.</summary>
    Reject,

    /// <summary>Leave the row as it is.</summary>
    Keep,

    /// <summary>Take the content of the file.</summary>
    Update,
}

/// <summary>How the lines of a CSV file become rows of <c>domain</c>.</summary>
/// <param name="DateFormats">.NET date formats, tried in order.</param>
/// <param name="DecimalSeparator"><c>.</c> or <c>,</c>; the other one may group thousands.</param>
/// <param name="Tables">In the order in which they are filled.</param>
internal sealed record ImportMap(
    string Name, char Delimiter, Encoding Encoding, IReadOnlyList<string> DateFormats, char DecimalSeparator, IReadOnlyList<TableMap> Tables)
{
    /// <summary>Every column of the file that the map reads, with the key that names it.</summary>
    public IEnumerable<(string Column, string Key)> Sources =>
        Tables.SelectMany(table => table.Columns.SelectMany(column => column.Sources.Select(source => (source, column.Key)))
            .Concat(table.When is null ? [] : [(table.When, $"tables.{table.Relation.Name}.when")]));
}

/// <param name="When">A line has such a row only when this column is not blank; null: always.</param>
internal sealed record TableMap(ContractRelation Relation, string? When, WhenDifferent WhenDifferent, IReadOnlyList<ColumnMap> Columns);

/// <summary>Where the value of one column comes from.</summary>
internal sealed record ColumnMap(ContractColumn Target, string Key)
{
    /// <summary>Columns of the file; the first that is not blank counts.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The same text for every line.</summary>
    public string? Constant { get; init; }

    /// <summary>Used when all sources are blank.</summary>
    public string? Default { get; init; }

    /// <summary>Used instead of the source when that is not blank.</summary>
    public string? WhenPresent { get; init; }

    public string Prefix { get; init; } = string.Empty;

    /// <summary>Words of the file and what they mean here; others pass unchanged.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Days to add to a date.</summary>
    public int AddDays { get; init; }

    /// <summary>Round amounts to cents instead of rejecting finer ones.</summary>
    public bool Round { get; init; }
}
