using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class CreditLimit : AttributeFact
{
    public override string Name => "credit_limit";

    public override string Label => "Credit limit";

    public override string Definition => "The credit limit recorded for the customer today.";

    public override FactScope AppliesTo => FactScope.Customer;

    protected override string Amount => "credit_limit";

    protected override string UnknownReason => "no credit limit is recorded";

    public override string Table => "domain.customers";

    protected override string From => "customers";

    protected override string RowId => "customer_id";
}
