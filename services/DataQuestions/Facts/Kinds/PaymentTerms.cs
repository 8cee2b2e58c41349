using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class PaymentTerms : AttributeFact
{
    public override string Name => "payment_terms";

    public override string Label => "Payment terms";

    public override string Definition => "Days from issue to due date agreed with the customer today.";

    public override FactScope AppliesTo => FactScope.Customer;

    protected override string Quantity => "payment_terms_days::float8";

    protected override string UnknownReason => "no payment terms are recorded";

    public override string Table => "domain.customers";

    protected override string From => "customers";

    protected override string RowId => "customer_id";
}
