using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class CustomerStatus : AttributeFact
{
    public override string Name => "customer_status";

    public override string Label => "Account status";

    public override string Definition => "Status of the account today: active, on_hold or closed.";

    public override FactScope AppliesTo => FactScope.Customer;

    protected override string Text => "status";

    protected override string UnknownReason => "no status is recorded";

    public override string Table => "domain.customers";

    protected override string From => "customers";

    protected override string RowId => "customer_id";
}
