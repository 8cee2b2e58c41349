using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Kinds;

internal sealed class Disputed : MoneyFact
{
    public override string Name => "disputed";

    public override string Label => "Disputed amount";

    public override string Definition => "Sum of what is not yet paid of the open invoices marked as disputed.";

    public override FactScope AppliesTo => FactScope.CustomerOrPortfolio;

    protected override string Amount => "outstanding";

    protected override string Where => "paid_on IS NULL AND disputed";
}
