using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OpenInvoices : CountFact
{
    public override string Name => "open_invoices";

    public override string Label => "Open invoices";

    public override string Definition => "Number of invoices issued up to the day and not fully paid on it.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "paid_on IS NULL";

    protected override string Order => "outstanding DESC, invoice_id";
}
