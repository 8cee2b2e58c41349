using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderPriority : AttributeFact
{
    public override string Name => "order_priority";

    public override string Label => "Priority";

    public override string Definition => "Low, normal, high or rush.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Text => "priority";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "the order was not placed by the day";
}
