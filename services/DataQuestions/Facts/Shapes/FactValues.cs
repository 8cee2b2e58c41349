using System.Globalization;
using Platform.Contracts.Common.V1;

namespace Platform.DataQuestions.Facts.Shapes;

internal static class FactValues
{
    public static Value Money(decimal amount, string currency) =>
        new() { Money = new Money { Amount = amount.ToString(CultureInfo.InvariantCulture), Currency = currency } };

    public static Value Unknown(string reason) => new() { Unknown = reason };

    public static Value Day(DateOnly day) => new() { Date = new Date { Iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } };

    /// <summary>"EUR and USD", "CHF, EUR and USD".</summary>
    public static string Join(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1];

    public static Value SeveralCurrencies(IEnumerable<string?> currencies)
    {
        var names = currencies.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Unknown($"the amounts are in {Join(names)} and are not added up; see the parts");
    }
}
