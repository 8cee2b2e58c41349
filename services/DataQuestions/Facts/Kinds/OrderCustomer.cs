using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderCustomer : AttributeFact
{
    public override string Name => "order_customer";

    public override string Label => "Customer of the order";

    public override string Definition => "Name of the customer that the order is recorded for.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Text => "(SELECT c.name FROM domain.customers c WHERE c.organization_id = @organization AND c.customer_id = orders.customer_id)";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "the order was not placed by the day";
}
