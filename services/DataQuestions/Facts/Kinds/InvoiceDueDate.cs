using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceDueDate : AttributeFact
{
    public override string Name => "invoice_due_date";

    public override string Label => "Due date";

    public override string Definition => "The day until which the invoice is to be paid.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Day => "due_date";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
