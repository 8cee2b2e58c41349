using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Shapes;

/// <summary>A sum of money, one row for each currency. Currencies are never added up: with several there is a part for each.</summary>
internal abstract class MoneyFact : FactProvider
{
    public override string Table => "domain.invoices";

    /// <summary>The source that is summed.</summary>
    protected virtual string From => "positions";

    protected virtual string RowId => "invoice_id";

    protected abstract string Amount { get; }

    protected abstract string Where { get; }

    public override string Select => $"""
        SELECT entity_id, currency, NULL::text AS part, coalesce(sum({Amount}) FILTER (WHERE {Where}), 0) AS amount, NULL::float8 AS quantity,
               count(*) FILTER (WHERE {Where}) AS items, NULL::date AS day, NULL::text AS text,
               (array_agg({RowId} ORDER BY {Amount} DESC, {RowId}) FILTER (WHERE {Where}))[1:{MaxRowIds}] AS row_ids, count(*) FILTER (WHERE {Where}) AS total_rows
        FROM {From} GROUP BY entity_id, currency
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject)
    {
        var filled = rows.Where(row => row.Items > 0).OrderBy(row => row.Currency, StringComparer.Ordinal).ToList();
        if (filled.Count > 1)
        {
            fact.Value = FactValues.SeveralCurrencies(filled.Select(row => row.Currency));
            fact.Parts.Add(filled.Select(row => new FactPart { Name = row.Currency, Value = FactValues.Money(row.Amount ?? 0, row.Currency!), Count = row.Items }));
            return;
        }

        // Nothing that counts is a known zero, in the currency of what there is or else of the customer.
        var currency = filled.Count == 1 ? filled[0].Currency : subject.Currency ?? (rows.Count > 0 ? rows[0].Currency : null);
        fact.Value = currency is null
            ? FactValues.Unknown("there are no rows, hence no currency to state the amount in")
            : FactValues.Money(filled.Count == 1 ? filled[0].Amount ?? 0 : 0, currency);
    }
}
