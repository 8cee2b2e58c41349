using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>What the data do not hold: the future, and things about companies that are no orders, invoices or payments.</summary>
internal static partial class Scope
{
    /// <summary>Topic of a refused question about the future.</summary>
    public const string ForecastTopic = "forecast";

    /// <summary>Due dates and requested dates are known ahead; what customers will do is not.</summary>
    public static bool AsksForForecast(string text) => Forecast().IsMatch(text) && !KnownAhead().IsMatch(text);

    public static bool AsksForOtherData(string text) => OtherData().IsMatch(text);

    [GeneratedRegex(@"\b(?:forecasts?|forecasted|predict(?:s|ed|ion|ions)?|projections?|projected|will (?!you\b|this\b|that be all)|won't|going to (?:pay|order|buy|owe|default|grow|go|be|have|need)|expected (?:revenue|sales|orders?|payments?|cash|volume)|(?:next|coming|following) (?:month|quarter|year|week)(?:'s)?|in the (?:future|coming|next)|how likely|(?:probability|likelihood|chance|odds) (?:that|of))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Forecast();

    [GeneratedRegex(@"\b(?:due|falls? due|requested|scheduled|to be (?:delivered|shipped))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KnownAhead();

    [GeneratedRegex(@"\b(?:(?:share|stock) price|credit (?:notes?|memos?)|market (?:share|cap)|credit rating|ceo|cfo|owner of|founder|shareholders?|phone(?! calls?)|telephone|e-?mails?|(?:postal|street|billing|delivery) address|contact person|web ?site|sales ?(?:reps?|representatives?|person|people|men|man|agents?|teams?)|account managers?|headquarters|employees?|headcount|staff|competitors?|suppliers?|profit(?:s|able|ability)?|margins?|taxes|inventory|in stock|stock (?:do|of|level)|warehouses?|lawsuits?|restaurants?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherData();
}
