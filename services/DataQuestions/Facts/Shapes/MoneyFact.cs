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

    // The rows that count are picked before they are sorted for the evidence: over all customers they are few.
    public override string Select => $"""
        SELECT entity_id, currency, NULL::text AS part, coalesce(sum({Amount}), 0) AS amount, NULL::float8 AS quantity,
               count({RowId}) AS items, NULL::date AS day, NULL::text AS text,
               (array_agg({RowId} ORDER BY {Amount} DESC, {RowId}) FILTER (WHERE {RowId} IS NOT NULL))[1:{MaxRowIds}] AS row_ids, count({RowId}) AS total_rows
        FROM (SELECT DISTINCT entity_id, currency FROM {From}) c
        LEFT JOIN (SELECT * FROM {From} WHERE {Where}) counted USING (entity_id, currency)
        GROUP BY entity_id, currency
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
