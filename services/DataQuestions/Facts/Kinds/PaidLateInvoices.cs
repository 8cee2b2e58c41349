using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class PaidLateInvoices : CountFact
{
    public override string Name => "paid_late_invoices";

    public override string Label => "Invoices paid late";

    public override string Definition => "Number of invoices fully paid by the day, but after their due date.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Where => "paid_on > due_date";

    protected override string Order => "days_late DESC, invoice_id";
}
