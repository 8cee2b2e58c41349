using System.Globalization;
using Platform.Contracts.Common.V1;

namespace Platform.PatternAnalysis.Detection;

/// <summary>Values and words for figures.</summary>
internal static class Figures
{
    public const int MaxRowIds = 50;

    public static Date Date(DateOnly day) => new() { Iso = Iso(day) };

    public static Value Day(DateOnly day) => new() { Date = Date(day) };

    // More than anyone writes: 11.248 rounded to 11.25 here would be written as 11.3.
    private const int Digits = 6;

    public static Value Days(double days) => new() { Days = Math.Round(days, Digits) };

    public static Value Ratio(double ratio) => new() { Ratio = Math.Round(ratio, Digits) };

    public static Value Count(long count) => new() { Count = count };

    public static Value Number(double number) => new() { Number = Math.Round(number, Digits) };

    public static Value Money(decimal amount, string currency) =>
        new() { Money = new Money { Amount = amount.ToString(CultureInfo.InvariantCulture), Currency = currency } };

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>In words; what is nearly nothing or nearly all is not rounded to it.</summary>
    public static string Percent(double ratio) => ratio switch
    {
        > 0 and < 0.0005 => "less than 0.1 %",
        < 1 and > 0.9995 => "more than 99.9 %",
        _ => (ratio * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
    };

    public static string Plain(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    public static string Amount(decimal amount, string currency) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture) + " " + currency;

    public static Evidence Rows(string table, string sql, IReadOnlyCollection<string> ids)
    {
        var evidence = new Evidence { Table = table, TotalRows = ids.Count, Sql = sql };
        evidence.RowIds.Add(ids.Take(MaxRowIds));
        return evidence;
    }
}
