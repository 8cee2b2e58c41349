using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class PaidInvoices : CountFact
{
    public override string Name => "paid_invoices";

    public override string Label => "Paid invoices";

    public override string Definition => "Number of invoices fully paid by the day.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "paid_on IS NOT NULL";

    protected override string Order => "paid_on DESC, invoice_id";
}
