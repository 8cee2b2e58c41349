using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class Customers : CountFact
{
    public override string Name => "customers";

    public override string Label => "Customers";

    public override string Definition => "Number of customers whose account is not closed today.";

    public override FactScope AppliesTo => FactScope.Portfolio;

    public override string Table => "domain.customers";

    protected override string From => "customers";

    protected override string RowId => "customer_id";

    protected override string Where => "status <> 'closed'";
}
