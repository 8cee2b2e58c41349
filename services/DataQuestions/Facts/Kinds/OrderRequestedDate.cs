using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderRequestedDate : AttributeFact
{
    public override string Name => "order_requested_date";

    public override string Label => "Requested date";

    public override string Definition => "The day for which the customer asked.";

    public override FactScope AppliesTo => FactScope.Order;

    protected override string Day => "requested_date";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";

    protected override string UnknownReason => "no requested date is recorded";
}
