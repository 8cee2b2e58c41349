using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceStatus : AttributeFact
{
    public override string Name => "invoice_status";

    public override string Label => "Invoice status";

    public override string Definition => "Paid, overdue, open or partly paid on the day.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Text => "CASE WHEN paid_on IS NOT NULL THEN 'paid' WHEN due_date < @as_of THEN 'overdue' WHEN paid > 0 THEN 'partly paid' ELSE 'open' END";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
