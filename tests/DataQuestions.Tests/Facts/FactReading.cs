using System.Globalization;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Tests.Facts;

internal static class FactReading
{
    public static Fact Of(this EntityFacts facts, string kind) => facts.Facts.Single(fact => fact.Kind == kind);

    public static decimal Amount(this Fact fact) => decimal.Parse(fact.Value.Money.Amount, CultureInfo.InvariantCulture);
}
