using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class MedianDaysLate : DaysFact
{
    public override string Name => "median_days_late";

    public override string Label => "Median days late";

    public override string Definition => "Median of the days from due date to payment over all paid invoices; early and punctual count as 0.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Quantity => "percentile_cont(0.5) WITHIN GROUP (ORDER BY days_late)";

    protected override string Order => "days_late DESC, invoice_id";

    protected override string Where => "paid_on IS NOT NULL";

    protected override string UnknownReason => "no invoice has been paid yet";
}
