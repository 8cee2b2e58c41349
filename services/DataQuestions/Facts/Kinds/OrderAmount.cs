using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderAmount : AttributeFact
{
    public override string Name => "order_amount";

    public override string Label => "Order amount";

    public override string Definition => "The amount ordered.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Amount => "amount";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "the order was not placed by the day";
}
