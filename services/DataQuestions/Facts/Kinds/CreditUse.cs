using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class CreditUse : FactProvider
{
    public override string Name => "credit_use";

    public override string Label => "Use of the credit limit";

    public override string Definition => "Open balance divided by the credit limit, both in the customer's currency.";

    public override FactScope AppliesTo => FactScope.Customer;

    public override string Table => "domain.invoices";

    public override string Select => $"""
        SELECT c.entity_id, c.currency, min(p.currency) FILTER (WHERE p.currency <> c.currency) AS part, NULL::numeric AS amount,
               (coalesce(sum(p.outstanding), 0) / nullif(c.credit_limit, 0))::float8 AS quantity, count(p.invoice_id) AS items, NULL::date AS day, NULL::text AS text,
               (array_agg(p.invoice_id ORDER BY p.outstanding DESC, p.invoice_id) FILTER (WHERE p.invoice_id IS NOT NULL))[1:{MaxRowIds}] AS row_ids, count(p.invoice_id) AS total_rows
        FROM customers c LEFT JOIN positions p ON p.entity_id = c.entity_id AND p.paid_on IS NULL
        GROUP BY c.entity_id, c.currency, c.credit_limit
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) => fact.Value = rows switch
    {
        [{ Part: { } other, Currency: var own }] => FactValues.Unknown($"the limit is in {own} and some open invoices are in {other}"),
        [{ Quantity: { } share }] => new Value { Ratio = share },
        _ => FactValues.Unknown("no credit limit is recorded"),
    };
}
