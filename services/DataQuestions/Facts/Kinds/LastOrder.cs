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
        SELECT DISTINCT ON (entity_id) entity_id, currency, NULL::text AS part, amount, NULL::float8 AS quantity, 1::bigint AS items, ordered_on AS day,
               NULL::text AS text, ARRAY[order_id] AS row_ids, 1::bigint AS total_rows
        FROM orders WHERE status <> 'cancelled' ORDER BY entity_id, ordered_on DESC, order_id DESC
        """;

    public override void Read(Fact fact, IReadOnlyList<FactRow> rows, FactSubject subject) =>
        LastEvent.Read(fact, rows, "no order has been placed yet");
}
