using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Shapes;

/// <summary>A share, a duration or a plain number computed over rows. Without rows it is unknown, never 0.</summary>
internal abstract class QuantityFact : FactProvider
{
    public override string Table => "domain.invoices";

    protected virtual string From => "positions";

    protected virtual string RowId => "invoice_id";

    protected virtual string Order => RowId;

    protected abstract string Where { get; }

    /// <summary>An aggregate over the rows that <see cref="Where"/> keeps; null when it cannot be stated.</summary>
    protected abstract string Quantity { get; }

    /// <summary>Why there is no value, when there is none.</summary>
    protected abstract string UnknownReason { get; }

    public override string Select => $"""
        SELECT entity_id, NULL::text AS currency, NULL::text AS part, NULL::numeric AS amount, ({Quantity})::float8 AS quantity,
               count(*) AS items, NULL::date AS day, NULL::text AS text,
               {FirstRows(From, RowId, Where, Order)} AS row_ids, count(*) AS total_rows
        FROM {From} g WHERE {Where} GROUP BY entity_id
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        fact.Value = rows is [{ Quantity: { } quantity }] ? ToValue(quantity) : FactValues.Unknown(UnknownReason);

    protected abstract Value ToValue(double quantity);
}

/// <summary>A share: 0.25 is 25 %.</summary>
internal abstract class RatioFact : QuantityFact
{
    protected override Value ToValue(double quantity) => new() { Ratio = quantity };
}

/// <summary>A duration in days.</summary>
internal abstract class DaysFact : QuantityFact
{
    protected override Value ToValue(double quantity) => new() { Days = quantity };
}
