using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>A bound on amounts, each in its own currency.</summary>
/// <param name="Sign">As in SQL: &gt;, &lt;, &gt;=, &lt;=.</param>
/// <param name="Words">As the sign is said: "more than".</param>
internal sealed record AmountLimit(string Sign, string Words, decimal Amount);

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
        var match = LimitPattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["n"].Value, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > 1e15m)
        {
            return null;
        }

        currency = match.Groups["sign"].Value switch { "$" => "USD", "€" => "EUR", "£" => "GBP", "¥" => "JPY", _ => null };
        var (sign, words) = match.Groups["than"].Value switch
        {
            "at least" => (">=", "at least"),
            "at most" or "up to" => ("<=", "at most"),
            "under" or "below" or "less than" or "smaller than" or "lower than" => ("<", "less than"),
            _ => (">", "more than"),
        };
        text = QuestionSpans.Without(text, match);
        return new AmountLimit(sign, words, amount * match.Groups["times"].Value switch { "k" or "thousand" => 1_000, "m" or "million" => 1_000_000, _ => 1 });
    }

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

    [GeneratedRegex(@"(?<!\w)(?:of\s+|worth\s+)?(?<than>over|above|exceeding|(?:more|greater|larger|bigger|higher|less|smaller|lower) than|under|below|at least|at most|up to)\s+(?<sign>[$€£¥])?(?<n>\d[\d,]*(?:\.\d+)?)(?:\s?(?<times>k|m|thousand|million))?(?!\w|[.,]\d|\s+(?:days?|weeks?|months?|years?|orders?|invoices?|payments?)(?!\w))")]
    private static partial Regex LimitPattern();

    [GeneratedRegex(@"(?<![\w$€£¥])(?:(?<in>in)\s+)?(?<currency>[$€£¥](?!\d)|euros?|(?:us )?dollars?|(?:british )?pounds(?: sterling)?|pound|yen|swiss francs?|swedish kron(?:a|or)|(?:danish|norwegian) kroner?|zlotys?|[a-z]{3})(?!\w)")]
    private static partial Regex CurrencyPattern();
}
