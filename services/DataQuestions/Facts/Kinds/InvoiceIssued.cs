using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceIssued : AttributeFact
{
    public override string Name => "invoice_issued";

    public override string Label => "Issue date";

    public override string Definition => "The day (UTC) on which the invoice was issued.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Day => "issued_on";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
