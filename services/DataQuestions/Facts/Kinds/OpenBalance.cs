using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class OpenBalance : MoneyFact
{
    public override string Name => "open_balance";

    public override string Label => "Open balance";

    public override string Definition => "Sum of what is not yet paid of the invoices issued up to the day.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Amount => "outstanding";

    protected override string Where => "paid_on IS NULL";
}
