using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class AverageDaysToSettle : DaysFact
{
    public override string Name => "average_days_to_settle";

    public override string Label => "Average days to settle";

    public override string Definition => "Mean of the days from issue to payment over all paid invoices.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Quantity => "avg(paid_on - issued_on)";

    protected override string Order => "paid_on DESC, invoice_id";

    protected override string Where => "paid_on IS NOT NULL";

    protected override string UnknownReason => "no invoice has been paid yet";
}
