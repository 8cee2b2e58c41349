using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoicePaidOn : AttributeFact
{
    public override string Name => "invoice_paid_on";

    public override string Label => "Paid on";

    public override string Definition => "The day on which the payments reached the amount.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Day => "paid_on";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice is not fully paid";
}
