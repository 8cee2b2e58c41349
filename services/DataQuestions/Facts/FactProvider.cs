using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts;

/// <summary>
/// One kind of fact: its name, its definition, the SQL that computes it and how the rows are read. A kind is a class of its
/// own; adding one touches nothing else.
/// </summary>
internal abstract class FactProvider
{
    /// <summary>Largest number of row ids that the evidence of one fact lists.</summary>
    public const int MaxRowIds = 50;

    public abstract string Name { get; }

    public abstract string Label { get; }

    /// <summary>How the figure is computed, in one sentence.</summary>
    public abstract string Definition { get; }

    public abstract FactScope AppliesTo { get; }

    /// <summary>The table whose rows are the evidence.</summary>
    public abstract string Table { get; }

    /// <summary>
    /// A SELECT over the sources of <see cref="FactSources"/> that returns the columns of <see cref="FactRow"/>. It filters
    /// neither organization nor entity: the sources do.
    /// </summary>
    public abstract string Select { get; }

    /// <summary>
    /// The first row ids of the entity of the outer row <c>g</c>. Taking the first of each entity costs a scan; sorting all rows
    /// to keep the first, as <c>array_agg(… ORDER BY …)</c> does, costs many times that over a portfolio.
    /// </summary>
    protected static string FirstRows(string from, string rowId, string where, string order) =>
        $"ARRAY(SELECT {rowId} FROM {from} r WHERE r.entity_id = g.entity_id AND ({where}) ORDER BY {order} LIMIT {MaxRowIds})";

    /// <summary>Makes the fact of one entity from its rows, which may be none.</summary>
    public abstract void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject);
}

/// <summary>The entity that a fact is about; currency is the one it is kept in, absent for the portfolio.</summary>
internal sealed record FactSubject(string EntityId, string Name, string? Currency);
