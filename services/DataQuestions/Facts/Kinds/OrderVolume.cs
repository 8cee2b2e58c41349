using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OrderVolume : MoneyFact
{
    public override string Name => "order_volume";

    public override string Label => "Order volume in the last 12 months";

    public override string Definition => "Sum of the amounts of the orders placed in the 12 months up to the day, without cancelled ones.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Amount => "amount";

    protected override string Where => "status <> 'cancelled' AND ordered_on > (@as_of::date - interval '12 months')::date";

    public override string Table => "domain.sales_orders";

    protected override string From => "orders";

    protected override string RowId => "order_id";
}
