using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OverdueInvoices : CountFact
{
    public override string Name => "overdue_invoices";

    public override string Label => "Overdue invoices";

    public override string Definition => "Number of invoices due before the day and not fully paid on it.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "paid_on IS NULL AND due_date < @as_of";

    protected override string Order => "due_date, invoice_id";
}
