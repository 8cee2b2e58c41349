using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class Ageing : FactProvider
{
    private static readonly string[] Buckets = ["not_due", "1-30", "31-60", "61-90", "90+"];

    public override string Name => "ageing";

    public override string Label => "Ageing of the open balance";

    public override string Definition => "The open balance by days from due date to the day: not yet due, 1-30, 31-60, 61-90, more than 90.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    public override string Table => "domain.invoices";

    public override string Select => $"""
        SELECT entity_id, currency, bucket AS part, sum(outstanding) AS amount, NULL::float8 AS quantity, count(*) AS items, NULL::date AS day, NULL::text AS text,
               (array_agg(invoice_id ORDER BY due_date, invoice_id))[1:{MaxRowIds}] AS row_ids, count(*) AS total_rows
        FROM (SELECT p.*, CASE WHEN due_date >= @as_of THEN 'not_due' WHEN @as_of - due_date <= 30 THEN '1-30' WHEN @as_of - due_date <= 60 THEN '31-60'
                               WHEN @as_of - due_date <= 90 THEN '61-90' ELSE '90+' END AS bucket
              FROM positions p WHERE paid_on IS NULL) a
        GROUP BY entity_id, currency, bucket
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject)
    {
        var currencies = rows.Select(row => row.Currency!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (currencies.Count == 0 && subject.Currency is { } own)
        {
            currencies.Add(own);
        }

        fact.Value = currencies switch
        {
            [] => FactValues.Unknown("there are no open invoices, hence no currency to state the amounts in"),
            [var currency] => FactValues.Money(rows.Sum(row => row.Amount ?? 0), currency),
            _ => FactValues.SeveralCurrencies(currencies),
        };
        foreach (var currency in currencies)
        {
            foreach (var bucket in Buckets)
            {
                var row = rows.FirstOrDefault(row => row.Part == bucket && row.Currency == currency);
                fact.Parts.Add(new FactPart
                {
                    Name = currencies.Count == 1 ? bucket : $"{bucket} {currency}",
                    Value = FactValues.Money(row?.Amount ?? 0, currency),
                    Count = row?.Items ?? 0,
                });
            }
        }
    }
}
