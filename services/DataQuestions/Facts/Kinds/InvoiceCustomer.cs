using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceCustomer : AttributeFact
{
    public override string Name => "invoice_customer";

    public override string Label => "Customer of the invoice";

    public override string Definition => "Name of the customer that the invoice is recorded for.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Text => "(SELECT c.name FROM domain.customers c WHERE c.organization_id = @organization AND c.customer_id = positions.customer_id)";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
