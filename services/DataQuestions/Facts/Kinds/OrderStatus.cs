using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderStatus : AttributeFact
{
    public override string Name => "order_status";

    public override string Label => "Order status";

    public override string Definition => "Cancelled as recorded today; else delivered, shipped or open by the days recorded, seen from the day.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Text => "CASE WHEN status = 'cancelled' THEN status WHEN delivered_on IS NOT NULL THEN 'delivered' WHEN shipped_on IS NOT NULL THEN 'shipped' WHEN is_open THEN 'open' ELSE status END";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "the order was not placed by the day";
}
