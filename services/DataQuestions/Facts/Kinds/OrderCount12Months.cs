using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderCount12Months : CountFact
{
    public override string Name => "order_count_12m";

    public override string Label => "Orders in the last 12 months";

    public override string Definition => "Number of orders placed in the 12 months up to the day, without cancelled ones.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "status <> 'cancelled' AND ordered_on > (@as_of::date - interval '12 months')::date";

    protected override string Order => "ordered_on DESC, order_id";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";
}
