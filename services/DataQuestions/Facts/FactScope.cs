namespace Platform.DataQuestions.Facts;

/// <summary>What a fact can be stated about.</summary>
[Flags]
internal enum FactScope
{
    None = 0,
    Customer = 1,
    Portfolio = 2,
    Order = 4,
    Invoice = 8,
    CustomerOrPortfolio = Customer | Portfolio,
}
