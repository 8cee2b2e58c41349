using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OpenOrders : CountFact
{
    public override string Name => "open_orders";

    public override string Label => "Open orders";

    public override string Definition => "Number of orders placed up to the day that were neither shipped nor cancelled.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "is_open";

    protected override string Order => "ordered_on, order_id";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";
}
