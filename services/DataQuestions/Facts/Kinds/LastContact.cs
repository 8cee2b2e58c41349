using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class LastContact : AttributeFact
{
    public override string Name => "last_contact";

    public override string Label => "Last contact";

    public override string Definition => "Day of the last recorded contact with the customer.";

    public override FactScope AppliesTo => FactScope.Customer;

    protected override string Day => "CASE WHEN last_contact_at < @until THEN (last_contact_at AT TIME ZONE 'UTC')::date END";

    protected override string UnknownReason => "no contact is recorded up to the day";

    public override string Table => "domain.customers";

    protected override string From => "customers";

    protected override string RowId => "customer_id";
}
