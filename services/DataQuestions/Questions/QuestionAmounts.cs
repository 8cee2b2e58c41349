using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>A bound on amounts, each in its own currency.</summary>
/// <param name="Sign">As in SQL: &gt;, &lt;, &gt;=, &lt;=.</param>
/// <param name="Words">As the sign is said: "more than".</param>
/// <param name="To">With "between": the other end, included.</param>
internal sealed record AmountLimit(string Sign, string Words, decimal Amount, decimal? To = null)
{
    /// <summary>The condition on what a measure or a sum of it is.</summary>
    public string On(string sql) => To is null ? $"{sql} {Sign} @amount" : $"{sql} BETWEEN @amount AND @amount_to";

    public override string ToString() => To is { } to
        ? string.Create(CultureInfo.InvariantCulture, $"{Words} {Amount:#,##0.00} and {to:#,##0.00}")
        : string.Create(CultureInfo.InvariantCulture, $"{Words} {Amount:#,##0.00}");
}

/// <summary>Takes what is said of amounts and currencies out of a normalised question, so that its other words can be read one by one.</summary>
internal static partial class QuestionAmounts
{
    private static readonly FrozenSet<string> Codes =
        QuestionSpans.Regions().Select(region => region.ISOCurrencySymbol.ToLowerInvariant()).Where(code => code.Length == 3).ToFrozenSet(StringComparer.Ordinal);

    // Codes that are words as well: currencies only when "in" stands before them.
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(["all", "bam", "bob", "cop", "cup", "gel", "lak", "mad", "mop", "pen", "ron", "rub", "sos", "top", "try"], StringComparer.Ordinal);

    /// <summary>Takes "over 50,000", "at least $2.5m", "less than 300" out of the question; a number of days is none.</summary>
    public static AmountLimit? TakeLimit(ref string text, out string? currency)
    {
        currency = null;
        if (RangePattern().Match(text) is { Success: true } range && AmountOf(range, "n", "times") is { } from && AmountOf(range, "m", "mtimes") is { } to && from <= to && !AreYears(range))
        {
            currency = CurrencyOf(range.Groups["sign"].Value.Length > 0 ? range.Groups["sign"].Value : range.Groups["msign"].Value);
            text = QuestionSpans.Without(text, range);
            return new AmountLimit("BETWEEN", "between", from, to);
        }

        var match = LimitPattern().Match(text);
        if (!match.Success || AmountOf(match, "n", "times") is not { } amount)
        {
            return null;
        }

        currency = CurrencyOf(match.Groups["sign"].Value);
        var (sign, words) = QuestionSpans.Bound(match.Groups["than"].Value);
        text = QuestionSpans.Without(text, match);
        return new AmountLimit(sign, words, amount);
    }

    private static decimal? AmountOf(Match match, string number, string times) =>
        decimal.TryParse(match.Groups[number].Value, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1e15m
            ? amount * match.Groups[times].Value switch { "k" or "thousand" => 1_000, "m" or "million" => 1_000_000, _ => 1 }
            : null;

    private static bool AreYears(Match range) =>
        range.Groups["sign"].Length + range.Groups["msign"].Length == 0 && Year().IsMatch(range.Groups["n"].Value) && Year().IsMatch(range.Groups["m"].Value);

    private static string? CurrencyOf(string sign) => sign switch { "$" => "USD", "€" => "EUR", "£" => "GBP", "¥" => "JPY", _ => null };

    /// <summary>Takes "in EUR", "USD", "pounds" out of the question; the code in upper case.</summary>
    public static string? TakeCurrency(ref string text)
    {
        foreach (Match match in CurrencyPattern().Matches(text))
        {
            if (CodeOf(match.Groups["currency"].Value, match.Groups["in"].Success) is { } code)
            {
                text = QuestionSpans.Without(text, match);
                return code;
            }
        }

        return null;
    }

    private static string? CodeOf(string said, bool isAfterIn) => said switch
    {
        "€" or "euro" or "euros" => "EUR",
        "$" or "dollar" or "dollars" or "us dollar" or "us dollars" => "USD",
        "£" or "pound" or "pounds" or "british pounds" or "pounds sterling" => "GBP",
        "¥" or "yen" => "JPY",
        "swiss franc" or "swiss francs" => "CHF",
        "swedish krona" or "swedish kronor" => "SEK",
        "danish krone" or "danish kroner" => "DKK",
        "norwegian krone" or "norwegian kroner" => "NOK",
        "zloty" or "zlotys" => "PLN",
        _ => Codes.Contains(said) && (isAfterIn || !Words.Contains(said)) ? said.ToUpperInvariant() : null,
    };

    [GeneratedRegex(@"(?<!\w)(?:of\s+|worth\s+)?(?<than>over|above|exceeding|(?:more|greater|larger|bigger|higher|less|smaller|lower) than|under|below|at least|at most|up to)\s+(?<sign>[$€£¥])?(?<n>\d[\d,]*(?:\.\d+)?)(?:\s?(?<times>k|m|thousand|million))?(?!\w|-\d|[.,]\d|\s+(?:days?|weeks?|months?|years?|orders?|invoices?|payments?)(?!\w))")]
    private static partial Regex LimitPattern();

    [GeneratedRegex(@"(?<!\w)(?:of\s+|worth\s+)?between\s+(?<sign>[$€£¥])?(?<n>\d[\d,]*(?:\.\d+)?)\s?(?<times>k|m|thousand|million)?\s+and\s+(?<msign>[$€£¥])?(?<m>\d[\d,]*(?:\.\d+)?)(?:\s?(?<mtimes>k|m|thousand|million))?(?!\w|-\d|[.,]\d|-\d|\s+(?:days?|weeks?|months?|years?)(?!\w))")]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"^(?:19|20)\d{2}$")]
    private static partial Regex Year();

    [GeneratedRegex(@"(?<![\w$€£¥])(?:(?<in>in)\s+)?(?<currency>[$€£¥](?!\d)|euros?|(?:us )?dollars?|(?:british )?pounds(?: sterling)?|pound|yen|swiss francs?|swedish kron(?:a|or)|(?:danish|norwegian) kroner?|zlotys?|[a-z]{3})(?!\w)")]
    private static partial Regex CurrencyPattern();
}
