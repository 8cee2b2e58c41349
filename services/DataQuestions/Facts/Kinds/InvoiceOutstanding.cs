using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceOutstanding : AttributeFact
{
    public override string Name => "invoice_outstanding";

    public override string Label => "Outstanding amount";

    public override string Definition => "Amount minus payments by the day, at least 0.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Amount => "outstanding";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
