using System.Globalization;
using Platform.Contracts.Common.V1;

namespace Platform.ContextSynthesis;

/// <summary>Figures in the sentences of this service: English, US number format. The writer of answers uses the reader's culture for its own.</summary>
internal static class Wording
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static string Of(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.Money => Money(value.Money),
        Value.KindOneofCase.Count => value.Count.ToString("N0", English),
        Value.KindOneofCase.Ratio => Percent(value.Ratio),
        Value.KindOneofCase.Days => Days(value.Days),
        Value.KindOneofCase.Date => Day(value.Date),
        Value.KindOneofCase.Text => value.Text,
        Value.KindOneofCase.Number => value.Number.ToString("#,##0.##", English),
        _ => "unknown",
    };

    public static string Money(Money money)
    {
        var symbol = money.Currency switch { "USD" => "$", "EUR" => "€", "GBP" => "£", "JPY" => "¥", _ => null };
        var amount = Amount(money);
        var digits = Math.Abs(amount).ToString(money.Currency is "JPY" or "KRW" ? "N0" : "N2", English);
        return (amount < 0 ? "-" : string.Empty) + (symbol is null ? $"{money.Currency} {digits}" : symbol + digits);
    }

    /// <summary>An estimate, to whole units.</summary>
    public static string About(Money money)
    {
        var whole = Money(Math.Round(Amount(money), 0, MidpointRounding.AwayFromZero), money.Currency);
        var text = Money(whole);
        return "about " + (text.Contains(".00", StringComparison.Ordinal) ? text.Replace(".00", string.Empty, StringComparison.Ordinal) : text);
    }

    public static string Percent(double ratio) => (ratio * 100).ToString("#,##0.#", English) + "%";

    public static string Days(double days)
    {
        var number = days.ToString("#,##0.#", English);
        return number is "1" or "-1" ? number + " day" : number + " days";
    }

    public static string Day(Date date) =>
        DateOnly.TryParseExact(date.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("MMMM d, yyyy", English)
            : date.Iso;

    public static decimal Amount(Money money) =>
        decimal.TryParse(money.Amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : 0;

    public static Money Money(decimal amount, string currency) =>
        new() { Amount = Math.Round(amount, currency is "JPY" or "KRW" ? 0 : 2, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture), Currency = currency };
}
