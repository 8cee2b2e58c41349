using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OverdueAmount : MoneyFact
{
    public override string Name => "overdue_amount";

    public override string Label => "Overdue amount";

    public override string Definition => "Sum of what is not yet paid of the invoices due before the day.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Amount => "outstanding";

    protected override string Where => "paid_on IS NULL AND due_date < @as_of";
}
