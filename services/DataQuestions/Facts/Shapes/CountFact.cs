using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Shapes;

/// <summary>A number of rows. No rows is a known zero.</summary>
internal abstract class CountFact : FactProvider
{
    public override string Table => "domain.invoices";

    protected virtual string From => "positions";

    protected virtual string RowId => "invoice_id";

    /// <summary>Which rows the evidence lists first.</summary>
    protected virtual string Order => RowId;

    protected abstract string Where { get; }

    public override string Select => $"""
        SELECT entity_id, NULL::text AS currency, NULL::text AS part, NULL::numeric AS amount, NULL::float8 AS quantity,
               count(*) AS items, NULL::date AS day, NULL::text AS text,
               {FirstRows(From, RowId, Where, Order)} AS row_ids, count(*) AS total_rows
        FROM {From} g WHERE {Where} GROUP BY entity_id
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        fact.Value = new Value { Count = rows.Sum(row => row.Items) };
}
