using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class LateRate : RatioFact
{
    public override string Name => "late_rate";

    public override string Label => "Share paid late";

    public override string Definition => "Invoices paid after their due date divided by all paid invoices.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Quantity => "avg((paid_on > due_date)::int)";

    protected override string Order => "days_late DESC, invoice_id";

    protected override string Where => "paid_on IS NOT NULL";

    protected override string UnknownReason => "no invoice has been paid yet";
}
