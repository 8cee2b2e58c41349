using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class LastOrder : FactProvider
{
    public override string Name => "last_order";

    public override string Label => "Last order";

    public override string Definition => "Day and amount of the latest order up to the day that was not cancelled.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    public override string Table => "domain.sales_orders";

    public override string Select => """
        SELECT g.entity_id, l.currency, NULL::text AS part, l.amount, NULL::float8 AS quantity, 1::bigint AS items, l.ordered_on AS day,
               NULL::text AS text, ARRAY[l.order_id] AS row_ids, 1::bigint AS total_rows
        FROM (SELECT DISTINCT entity_id FROM orders) g
        CROSS JOIN LATERAL (SELECT * FROM orders r WHERE r.entity_id = g.entity_id AND r.status <> 'cancelled' ORDER BY r.ordered_on DESC, r.order_id DESC LIMIT 1) l
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        LastEvent.Read(fact, rows, "no order has been placed yet");
}
