using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderPlaced : AttributeFact
{
    public override string Name => "order_placed";

    public override string Label => "Order date";

    public override string Definition => "The day (UTC) on which the order was placed.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Day => "ordered_on";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "the order was not placed by the day";
}
