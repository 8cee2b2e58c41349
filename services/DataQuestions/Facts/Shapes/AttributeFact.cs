using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Shapes;

/// <summary>Something that one row states about itself: a limit, a day, a status.</summary>
internal abstract class AttributeFact : FactProvider
{
    protected abstract string From { get; }

    protected abstract string RowId { get; }

    /// <summary>Expressions for the columns that carry the value; the others stay null.</summary>
    protected virtual string Amount => "NULL::numeric";

    protected virtual string Quantity => "NULL::float8";

    protected virtual string Day => "NULL::date";

    protected virtual string Text => "NULL::text";

    protected abstract string UnknownReason { get; }

    public override string Select => $"""
        SELECT entity_id, currency, NULL::text AS part, {Amount} AS amount, {Quantity} AS quantity, 1::bigint AS items,
               {Day} AS day, {Text} AS text, ARRAY[{RowId}] AS row_ids, 1::bigint AS total_rows
        FROM {From}
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        fact.Value = (rows.Count == 1 ? ToValue(rows[0]) : null) ?? FactValues.Unknown(UnknownReason);

    /// <summary>Null when the row does not state it.</summary>
    protected virtual Value? ToValue(FactRow row) => row switch
    {
        { Amount: { } amount, Currency: { } currency } => FactValues.Money(amount, currency),
        { Quantity: { } days } => new Value { Days = days },
        { Day: { } day } => FactValues.Day(day),
        { Text: { } text } => new Value { Text = text },
        _ => null,
    };
}
