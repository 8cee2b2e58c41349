using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

/// <summary>
/// Days sales outstanding = receivables ÷ credit sales of the period × days of the period: the usual textbook formula of
/// credit management, here over the 90 days up to the day, with invoices as credit sales.
/// </summary>
internal sealed class DaysSalesOutstanding : FactProvider
{
    public override string Name => "dso";

    public override string Label => "Days sales outstanding";

    public override string Definition => "Open balance divided by the amount invoiced in the 90 days up to the day, times 90.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    public override string Table => "domain.invoices";

    public override string Select => $"""
        SELECT entity_id, currency, NULL::text AS part, NULL::numeric AS amount,
               (sum(outstanding) / nullif(sum(amount) FILTER (WHERE issued_on > @as_of::date - 90), 0) * 90)::float8 AS quantity,
               count(*) AS items, NULL::date AS day, NULL::text AS text,
               (array_agg(invoice_id ORDER BY issued_on DESC, invoice_id))[1:{MaxRowIds}] AS row_ids, count(*) AS total_rows
        FROM positions WHERE paid_on IS NULL OR issued_on > @as_of::date - 90 GROUP BY entity_id, currency
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject)
    {
        fact.Value = rows switch
        {
            [{ Quantity: { } days }] => new Value { Days = days },
            { Count: > 1 } => FactValues.SeveralCurrencies(rows.Select(row => row.Currency)),
            _ => FactValues.Unknown("nothing was invoiced in the last 90 days"),
        };
        if (rows.Count > 1)
        {
            fact.Parts.Add(rows.OrderBy(row => row.Currency, StringComparer.Ordinal).Select(row => new FactPart
            {
                Name = row.Currency,
                Value = row.Quantity is { } days ? new Value { Days = days } : FactValues.Unknown("nothing was invoiced in the last 90 days"),
                Count = row.Items,
            }));
        }
    }
}
