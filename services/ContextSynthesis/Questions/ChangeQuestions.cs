using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>Questions about what changed with all customers: "which customers started paying later?", "who orders more rush?".</summary>
internal static partial class ChangeQuestions
{
    /// <summary>A change is asked for, of nobody in particular. Counts and lists by time or place are data questions.</summary>
    public static bool IsAboutAll(string text) => Anyone().IsMatch(text) && Change().IsMatch(text) && !Breakdown().IsMatch(text);

    /// <summary>Adds which patterns are meant, which way, and since when.</summary>
    public static void Describe(string text, DateOnly today, Understanding understanding)
    {
        var direction = Falling().IsMatch(text) ? Direction.Falling : Rising().IsMatch(text) ? Direction.Rising : Direction.Unspecified;
        var (types, sign) = TypesOf(text, direction);
        understanding.PatternTypes.AddRange(types);
        understanding.PatternDirection = sign;
        if (SpanOf(text, today) is var (from, until) && (from ?? until) is not null)
        {
            understanding.PatternChanged = new Period { From = ToDate(from), Until = ToDate(until) };
        }
    }

    private static (string[] Types, Direction Direction) TypesOf(string text, Direction direction)
    {
        if (Rush().IsMatch(text))
        {
            return (["rush_order_frequency"], direction);
        }

        if (Large().IsMatch(text))
        {
            return (["amount_anomaly"], Direction.Unspecified);
        }

        if (Quiet().IsMatch(text))
        {
            return (["order_silence"], Direction.Unspecified);
        }

        if (Paying().IsMatch(text))
        {
            // "Worse" and "slower" mean later; "better" and "faster" mean earlier.
            return (["payment_timing_shift"], Later().IsMatch(text) ? Direction.Rising : Earlier().IsMatch(text) ? Direction.Falling : Direction.Unspecified);
        }

        if (Seasonal().IsMatch(text))
        {
            return (["order_seasonality"], Direction.Unspecified);
        }

        if (Steady().IsMatch(text))
        {
            return direction == Direction.Falling ? (["order_trend", "order_frequency_shift", "order_silence"], direction) : (["order_trend", "order_frequency_shift"], direction);
        }

        return Ordering().IsMatch(text)
            ? direction switch
            {
                Direction.Falling => (["order_frequency_shift", "order_silence"], direction),
                Direction.Rising => (["order_frequency_shift"], direction),
                _ => (["order_frequency_shift", "order_silence", "amount_anomaly", "rush_order_frequency"], direction),
            }
            : ([], Direction.Unspecified);
    }

    private static (DateOnly? From, DateOnly? Until) SpanOf(string text, DateOnly today)
    {
        if (Recent().Match(text) is { Success: true } recent)
        {
            var count = recent.Groups["n"].Success ? CountOf(recent.Groups["n"].Value) : 1;
            return (recent.Groups["unit"].Value.ToLowerInvariant() switch
            {
                "year" => today.AddYears(-Math.Min(count, 50)),
                "quarter" => today.AddMonths(-3 * Math.Min(count, 200)),
                "month" => today.AddMonths(-Math.Min(count, 600)),
                "week" => today.AddDays(-7 * count),
                _ => today.AddDays(-count),
            }, null);
        }

        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1);
        var year = new DateOnly(today.Year, 1, 1);
        if (Calendar().Match(text) is { Success: true } calendar)
        {
            var isThis = calendar.Groups["which"].Value.Equals("this", StringComparison.OrdinalIgnoreCase);
            return calendar.Groups["unit"].Value.ToLowerInvariant() switch
            {
                "month" => isThis ? (month, null) : (month.AddMonths(-1), month),
                "quarter" => isThis ? (quarter, null) : (quarter.AddMonths(-3), quarter),
                _ => isThis ? (year, null) : (year.AddYears(-1), year),
            };
        }

        // "Since March": from the first day of the month that AsOfPhrase finds the last day of.
        return Since().IsMatch(text) && AsOfPhrase.Day(text, today) is { } day
            ? (MonthName().IsMatch(text) ? new DateOnly(day.Year, day.Month, 1) : YearOnly().IsMatch(text) ? new DateOnly(day.Year, 1, 1) : day, null)
            : (null, null);
    }

    private static int CountOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : Math.Max(1, Array.IndexOf(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], text.ToLowerInvariant()));

    private static Date? ToDate(DateOnly? day) => day is { } known ? new Date { Iso = known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } : null;

    [GeneratedRegex(@"\b(?:(?:which|what|any|all|our|the|some|are there|list|show(?: me)?|how many|across (?:our|all))\b.*\b(?:customers?|clients?|companies|accounts?|buyers?|payers?|orders)|who|whose|anyone|anyone's|anybody|everyone|somebody|someone)\b|^customers\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Anyone();

    [GeneratedRegex(@"\b(?:(?:start(?:ed|s|ing)?|beg[aiu]n|begun|began|becom(?:e|es|ing)|became|got(?:ten)?|get(?:s|ting)?|turn(?:ed|ing)) (?:to )?(?:an? )?(?:pay(?:ing)?|order(?:ing)?|buy(?:ing)?|send(?:ing)?|place|placing|later|slow(?:er)?|late|worse|better|early|earlier|faster|less|more)|(?:pay|pays|paying|paid|settle|settles|settling)(?: us)? (?:later|slower|earlier|sooner|faster|more slowly|worse|better|less punctually)|(?:order|orders|ordering|ordered|buy|buys|buying|bought) (?:more|less|fewer|larger|bigger)(?! than \d)|(?:later|slower|earlier|sooner|more|less|fewer) .*than (?:before|usual|they used to|it used to|last year)|more (?:often|frequently|rush|urgent)|less (?:often|frequently)|fewer (?:rush )?orders|stopped (?:ordering|buying|paying)|(?:gone|went|fell|fallen) (?:quiet|silent)|(?:slowed|slowing) down|chang(?:e|ed|es|ing)|shift(?:s|ed|ing)?|drift(?:s|ed|ing)?|unusual|anomal(?:y|ies|ous)|odd|strange|suspicious|out of the ordinary|warning signs?|patterns|deteriorat\w+|worsen\w*|improv(?:e|ed|ing)|declin(?:e|ed|ing)|increas(?:ed|ing)|decreas(?:ed|ing)|habits?|grow(?:s|ing|n)?|grew|shrink(?:s|ing)?|shr[au]nk|steadily|trend(?:s|ing)?|season(?:s|al|ality)?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Change();

    [GeneratedRegex(@"\b(?:per|by) (?:month|week|day|quarter|year|country|city|industry|segment|customer|priority|status|currency|region|method)\b|\b(?:more|less|fewer|over|above|below|under) than \d", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Breakdown();

    [GeneratedRegex(@"\b(?:rush|urgent|expedited?|priority)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rush();

    [GeneratedRegex(@"\b(?:unusual(?:ly)?|anomal\w+|odd|strange|suspicious|out of the ordinary)\b.*\b(?:orders?|amounts?|large|big)\b|\b(?:orders?|amounts?)\b.*\b(?:unusual|anomal\w+|odd|strange|suspicious|out of the ordinary)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Large();

    [GeneratedRegex(@"\b(?:season(?:s|al|ality|ally)?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Seasonal();

    [GeneratedRegex(@"\b(?:grow(?:s|ing|n)?|grew|shrink(?:s|ing)?|shr[au]nk|declin(?:e|es|ed|ing)|steadily|trend(?:s|ing)?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Steady();

    [GeneratedRegex(@"\b(?:stopped (?:ordering|buying)|quiet|silent|silence)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quiet();

    [GeneratedRegex(@"\b(?:pay|pays|paid|paying|payers?|payments?|settl\w+|punctual\w*|stopped paying)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Paying();

    [GeneratedRegex(@"\b(?:orders?|ordering|ordered|buy|buys|buying|bought|purchas\w+|sales|demand)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ordering();

    [GeneratedRegex(@"\b(?:later|late|slow\w*|worse\w*|deteriorat\w+|declin\w+|stopped|behind|drift\w*)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Later();

    [GeneratedRegex(@"\b(?:earl(?:y|ier)|sooner|faster|better|improv\w+|punctual\w*)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Earlier();

    [GeneratedRegex(@"\b(?:less|fewer|declin\w+|decreas\w+|drop\w*|fell|falling|fallen|shrink\w*|shrunk|stopped|rarer|down)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Falling();

    [GeneratedRegex(@"\b(?:more|increas\w+|ris(?:e|es|ing|en)|rose|grow\w*|grew|up|begun|beg[aiu]n|began|start\w*)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rising();

    [GeneratedRegex(@"\b(?:in|over|during|within) the (?:last|past)(?: (?<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))? (?<unit>year|quarter|month|week|day)s?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Recent();

    [GeneratedRegex(@"\b(?<which>this|last) (?<unit>year|quarter|month)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"\bsince\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Since();

    [GeneratedRegex(@"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthName();

    [GeneratedRegex(@"\bsince 20\d{2}(?![-\d])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex YearOnly();
}
