using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class IssuedInvoices : CountFact
{
    public override string Name => "issued_invoices";

    public override string Label => "Issued invoices";

    public override string Definition => "Number of invoices issued up to the day and not voided by it.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "true";

    protected override string Order => "issued_on DESC, invoice_id";
}
