using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class RushShare : FactProvider
{
    public override string Name => "rush_share";

    public override string Label => "Share of rush orders";

    public override string Definition => "Orders with priority rush divided by all orders of the 12 months up to the day, without cancelled ones; the parts show the last 90 days and the time before.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    public override string Table => "domain.sales_orders";

    public override string Select => $"""
        SELECT entity_id, NULL::text AS currency, part, NULL::numeric AS amount, avg((priority = 'rush')::int)::float8 AS quantity, count(*) AS items,
               NULL::date AS day, NULL::text AS text,
               (array_agg(order_id ORDER BY ordered_on DESC, order_id) FILTER (WHERE priority = 'rush'))[1:{MaxRowIds}] AS row_ids, count(*) AS total_rows
        FROM (SELECT o.*, CASE WHEN ordered_on > @as_of::date - 90 THEN 'last 90 days' ELSE 'before' END AS part
              FROM orders o WHERE status <> 'cancelled' AND ordered_on > (@as_of::date - interval '12 months')::date) r
        GROUP BY entity_id, GROUPING SETS ((part), ())
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject)
    {
        const string none = "there are no orders in the period";
        fact.Value = rows.FirstOrDefault(row => row.Part is null) is { Quantity: { } share } ? new Value { Ratio = share } : FactValues.Unknown(none);
        foreach (var part in (string[])["last 90 days", "before"])
        {
            var row = rows.FirstOrDefault(row => row.Part == part);
            fact.Parts.Add(new FactPart { Name = part, Value = row?.Quantity is { } ratio ? new Value { Ratio = ratio } : FactValues.Unknown(none), Count = row?.Items ?? 0 });
        }
    }
}
