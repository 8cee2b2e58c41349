using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderTrend : RatioFact
{
    public override string Name => "order_trend";

    public override string Label => "Order trend";

    public override string Definition => "Change in the number of orders of the last 90 days against the 90 days before: 0.25 is a quarter more.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Quantity => "count(*) FILTER (WHERE ordered_on > @as_of::date - 90)::float8 / nullif(count(*) FILTER (WHERE ordered_on <= @as_of::date - 90), 0) - 1";

    protected override string Where => "status <> 'cancelled' AND ordered_on > @as_of::date - 180";

    protected override string Order => "ordered_on DESC, order_id";

    protected override string UnknownReason => "there are no orders in the 90 days that the last 90 days would be compared with";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";
}
