using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class AverageDaysLate : DaysFact
{
    public override string Name => "average_days_late";

    public override string Label => "Average days late";

    public override string Definition => "Mean of the days from due date to payment over all paid invoices; early and punctual count as 0.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Quantity => "avg(days_late)";

    protected override string Order => "days_late DESC, invoice_id";

    protected override string Where => "paid_on IS NOT NULL";

    protected override string UnknownReason => "no invoice has been paid yet";
}
