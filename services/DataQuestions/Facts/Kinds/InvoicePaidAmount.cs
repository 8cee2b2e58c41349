using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoicePaidAmount : AttributeFact
{
    public override string Name => "invoice_paid_amount";

    public override string Label => "Paid amount";

    public override string Definition => "Sum of the payments received for the invoice by the day, in its currency.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Amount => "paid";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
