using System.Globalization;
using Platform.Contracts.Common.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>
/// English words with the numbers of a culture: separators, currency placement and percent sign are the culture's, month
/// names stay English because the sentences are. Amounts are never rounded beyond their currency's minor unit.
/// </summary>
internal sealed class Language
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    private Language(CultureInfo culture) => Culture = culture;

    public CultureInfo Culture { get; }

    /// <summary>False when the tag is not a culture that this machine knows.</summary>
    public static bool TryFind(string tag, out Language language)
    {
        try
        {
            language = new Language(CultureInfo.GetCultureInfo(tag, predefinedOnly: true));
            return tag.Length > 0;
        }
        catch (CultureNotFoundException)
        {
            language = new Language(English);
            return false;
        }
    }

    public static decimal Amount(Money money) =>
        decimal.TryParse(money.Amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : 0;

    public static DateOnly? Day(Date? date) =>
        date is not null && DateOnly.TryParseExact(date.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public string Of(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.Money => Of(value.Money),
        Value.KindOneofCase.Count => Count(value.Count),
        Value.KindOneofCase.Ratio => Percent(value.Ratio),
        Value.KindOneofCase.Days => Days(value.Days),
        Value.KindOneofCase.Date => Of(value.Date),
        Value.KindOneofCase.Text => value.Text.Replace('_', ' '),
        Value.KindOneofCase.Number => Number(value.Number),
        _ => "not known",
    };

    public string Of(Money money) => Of(Amount(money), money.Currency);

    public string Of(decimal amount, string currency, int? decimals = null)
    {
        var format = (NumberFormatInfo)Culture.NumberFormat.Clone();
        format.CurrencySymbol = currency switch { "USD" => "$", "EUR" => "€", "GBP" => "£", "JPY" => "¥", _ => currency };
        format.CurrencyDecimalDigits = decimals is { } wanted ? wanted : currency is "JPY" or "KRW" ? 0 : 2;
        format.CurrencyNegativePattern = Culture.NumberFormat.CurrencyPositivePattern is 0 or 2 ? 1 : 8;
        if (format.CurrencySymbol.Length == 3 && format.CurrencyPositivePattern == 0)
        {
            format.CurrencyPositivePattern = 2;
            format.CurrencyNegativePattern = 12;
        }

        return amount.ToString("C", format);
    }

    /// <summary>An estimate, to whole units: cents would claim a precision that it has not.</summary>
    public string About(Money money) => "about " + Of(Math.Abs(Amount(money)), money.Currency, decimals: 0);

    public string Of(Date date) => Day(date) is { } day ? Of(day) : date.Iso;

    public string Of(DateOnly day) => day.ToString(Culture.Name == "en-US" ? "MMMM d, yyyy" : "d MMMM yyyy", English);

    public string Count(long count) => count.ToString("N0", Culture);

    /// <summary>"1 invoice", "1,204 invoices".</summary>
    public string Count(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>One decimal at most: 33.6%, 34%. What is not all is never told as 100%, nor what is something as 0%.</summary>
    public string Percent(double ratio)
    {
        var tenths = Math.Round(ratio * 1000, MidpointRounding.AwayFromZero);
        switch (tenths)
        {
            case 1000 when ratio < 1:
                return "more than " + Percent(0.999);
            case 0 when ratio > 0:
                return "less than " + Percent(0.001);
            default:
                break;
        }

        return (tenths / 1000).ToString(tenths % 10 == 0 ? "P0" : "P1", Culture);
    }

    public string Days(double days)
    {
        var number = Number(days, 1);
        return number is "1" or "-1" ? number + " day" : number + " days";
    }

    public string Number(double number, int decimals = 2) =>
        Math.Round(number, decimals, MidpointRounding.AwayFromZero).ToString("#,##0." + new string('#', decimals), Culture);

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string Join(IReadOnlyList<string> parts) => parts.Count switch
    {
        0 => string.Empty,
        1 => parts[0],
        _ => string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[^1],
    };

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>A name such as "Textiles Inc." ends its sentence by itself.</summary>
    public static string Ended(string sentence) => sentence.EndsWith('.') ? sentence : sentence + ".";

    public static string Possessive(string name) => name + (name.EndsWith('s') ? "'" : "'s");
}
