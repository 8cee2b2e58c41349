using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class InvoiceAmount : AttributeFact
{
    public override string Name => "invoice_amount";

    public override string Label => "Invoice amount";

    public override string Definition => "The amount invoiced.";

    public override FactScope AppliesTo => FactScope.Invoice;

    protected override string Amount => "amount";

    public override string Table => "domain.invoices";

    protected override string From => "positions";

    protected override string RowId => "invoice_id";

    protected override string UnknownReason => "the invoice was not issued by the day, or it is void";
}
