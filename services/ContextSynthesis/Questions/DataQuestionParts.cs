using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>What a data question consists of besides its figure, and what a follow-up may exchange.</summary>
internal enum PartKind
{
    /// <summary>The day that rows are told of: "as of 2026-09-30".</summary>
    AsOf,
    Time,

    /// <summary>A time told from that of the question before: "the week before".</summary>
    EarlierTime,
    Currency,
    Bound,
    Grouping,

    /// <summary>By what else than a grouping: "by card", "by revenue".</summary>
    Means,
    Place,
    Name,

    /// <summary>Other rows: "orders", "open invoices".</summary>
    Rows,

    /// <summary>Some of the same rows: "the overdue ones".</summary>
    Filter,
    Average,
    Top,

    /// <summary>Led by a word of place or grouping, but nothing that is known; kept as said, so that the refusal can name it.</summary>
    Other,
}

/// <summary>One part of a data question, in the words that were said.</summary>
internal sealed record DataQuestionPart(PartKind Kind, string Words);

/// <summary>Finds the parts of data questions in text. What the words mean is for DataQuestions to say; here they are told apart, so that one can stand in for another.</summary>
internal static partial class DataQuestionParts
{
    private static readonly HashSet<string> Countries = [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures)
        .Where(culture => culture.Name.Length is 5).Select(culture => new RegionInfo(culture.Name).EnglishName.ToLowerInvariant())];

    private static readonly (PartKind Kind, Regex Words)[] Kinds =
    [
        (PartKind.AsOf, AsOf()), (PartKind.EarlierTime, EarlierTime()), (PartKind.Time, Time()), (PartKind.Currency, Currency()), (PartKind.Bound, Bound()), (PartKind.Grouping, Grouping()), (PartKind.Means, Means()),
        (PartKind.Average, Average()), (PartKind.Top, Top()), (PartKind.Name, Name()), (PartKind.Filter, Filter()), (PartKind.Rows, Rows()), (PartKind.Other, Other()),
    ];

    /// <summary>The parts that the text consists of, or null when it holds anything else.</summary>
    public static IReadOnlyList<DataQuestionPart>? Read(string text)
    {
        List<DataQuestionPart> parts = [];
        for (var rest = text.Trim(); rest.Length > 0;)
        {
            if (PartAt(rest) is not { } part)
            {
                return null;
            }

            parts.Add(part);
            rest = Joint().Replace(rest[part.Words.Length..], string.Empty, 1);
        }

        return parts.Count > 0 ? parts : null;
    }

    /// <summary>The first part of a kind in a question, with the words that lead to it; absent when there is none.</summary>
    public static string? Find(string question, PartKind kind) => kind == PartKind.Place
        ? Places(question).FirstOrDefault()
        : Kinds.First(known => known.Kind == kind).Words.Match(question) is { Success: true } match ? match.Value : null;

    /// <summary>The question without its parts of a kind.</summary>
    public static string Without(string question, PartKind kind)
    {
        var text = kind == PartKind.Place
            ? Places(question).Aggregate(question, (rest, place) => rest.Replace(place, string.Empty, StringComparison.Ordinal))
            : Kinds.First(known => known.Kind == kind).Words.Replace(question, string.Empty);
        return Spaces().Replace(text, " ").Trim();
    }

    /// <summary>The rows that a question is about; when it says so with a verb only ("how much did we invoice"), their name.</summary>
    public static string? RowsOf(string question)
    {
        // "Customers with overdue invoices" are told by their invoices.
        var named = Rows().Matches(question).Select(match => match.Value.Trim()).ToList();
        return named.LastOrDefault(rows => !IsCustomers().IsMatch(rows)) ?? (Verb().Match(question) is { Success: true } verb
            ? verb.Groups["invoices"].Success ? "invoices" : verb.Groups["orders"].Success ? "orders" : "payments"
            : named.LastOrDefault());
    }

    /// <summary>Two times are set against each other: "this year versus last year", "changed from September to October".</summary>
    public static bool ComparesTimes(string question) =>
        Compares().IsMatch(question) && (TimeSpan().IsMatch(question) || OtherTime().Count(question) + Time().Count(OtherTime().Replace(question, string.Empty)) == 2);

    private static DataQuestionPart? PartAt(string text)
    {
        if (Places(text).FirstOrDefault() is { } place && text.StartsWith(place, StringComparison.Ordinal))
        {
            return new DataQuestionPart(PartKind.Place, place);
        }

        return Kinds.Select(known => (known.Kind, Match: known.Words.Match(text))).FirstOrDefault(found => found.Match is { Success: true, Index: 0, Length: > 0 }) is { Match: not null } first
            ? new DataQuestionPart(first.Kind, first.Match.Value)
            : null;
    }

    // The longest name wins: "in the United States", not "in the United". Cities are for the data to know: here they are what else is named after "in".
    private static IEnumerable<string> Places(string text)
    {
        var end = 0;
        foreach (Match led in Led().Matches(text))
        {
            if (led.Index >= end && PlaceAt(text, led) is { } place)
            {
                end = led.Index + place.Length;
                yield return place;
            }
        }
    }

    private static string? PlaceAt(string text, Match led)
    {
        var words = led.Groups["words"].Value.Split(' ');
        for (var length = words.Length; length > 0; length--)
        {
            var name = string.Join(' ', words.Take(length));
            if (Countries.Contains(name.ToLowerInvariant()))
            {
                return text.Substring(led.Index, led.Groups["words"].Index - led.Index + name.Length);
            }
        }

        return Named().Match(text, led.Index) is { Success: true } named && !IsOtherKind(named.Value) ? named.Value : null;
    }

    private static bool IsOtherKind(string words) =>
        NoPlace().IsMatch(words) || new[] { Time(), Currency(), Bound() }.Any(kind => kind.Match(words) is { Success: true, Index: 0 });

    // "May" alone is a verb; as a month it needs "in" or a year.
    private const string Months = @"january|february|march|april|(?<=\bin )may|may(?= (?:of )?20\d{2})|june|july|august|september|october|november|december";

    /// <summary>Words that say which of the rows are meant.</summary>
    public const string Adjectives = "overdue|past due|open|unpaid|outstanding|paid late|paid|settled|late|on time|disputed|rush|urgent|high[- ]priority|shipped|unshipped|delivered|cancelled|canceled|active|inactive|closed|blocked";

    private const string Nouns = "invoices?|bills?|sales orders?|orders?|payments?|receipts?|customers?|clients?|accounts?";

    private const string Groups = "customers?|clients?|accounts?|countr(?:y|ies)|cit(?:y|ies)|industr(?:y|ies)|sectors?|segments?|currenc(?:y|ies)|priorit(?:y|ies)|status|(?:payment )?methods?|days?|weeks?|months?|quarters?|years?";

    private const string Span = @"\b(?:between|from) (?:" + NamedSpan + @") (?:and|to|until|till|through) (?:the end of )?(?:" + NamedSpan + @")\b";

    private const string NamedSpan = @"(?:" + Months + @"|may|q[1-4])(?: (?:of )?20\d{2})?";

    /// <summary>"Between March and May", "from Q4 2025 to Q1".</summary>
    [GeneratedRegex(Span, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex TimeSpan();

    [GeneratedRegex(Span + @"|\b(?:(?:in|during|over|for|within|on|from|of|since(?: the (?:start|beginning) of)?) )?(?:the )?(?:today|yesterday|tomorrow|(?:(?:day|week|month|quarter|year|period) before (?:the )?)*(?:(?:week|month|quarter|year) before last(?! (?:week|month|quarter|year))|(?:this|last|previous|past|next|coming) (?:week|month|quarter|year)|(?:last|past|previous|next|coming) \d{1,4} (?:day|week|month|year)s?|(?:" + Months + @")(?: (?:of )?20\d{2})?|q[1-4](?: (?:of )?(?:20\d{2}))?|(?:\d{4}-\d{2}-\d{2}) (?:to|until) \d{4}-\d{2}-\d{2})|(?<=\b(?:in|of|for|during) )(?:(?:week|month|quarter|year) before )*20\d{2}(?!-)|20\d{2}(?=$|[?.! ]*$)|\d{4}-\d{2}-\d{2}|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}) (?:year|quarter|month|week|day)s? ago)\b|\bsince (?:\d{4}-\d{2}-\d{2}|20\d{2}(?!-)|the (?:start|beginning) of the (?:week|month|quarter|year))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(?:(?:in|during|for) )?(?:the (?<unit>day|week|month|quarter|year|period) (?:before|earlier|prior)(?: (?:that|then|this|it))?|(?:the )?(?<unit>day|week|month|quarter|year|period) before(?: that| then)?|the (?:one|time) before(?: that| then)?|before that|the previous one|(?:a|one) (?<unit>day|week|month|quarter|year) (?:earlier|before)|the same (?:time|period|day|week|month|quarter|span) (?:(?:of )?(?:the )?(?:last|previous) (?<unit>year|month|quarter)|(?:a|one|the) (?<unit>year|month|quarter) (?:earlier|before|ago)))(?=$|,| (?!last|this|previous|the))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex EarlierTime();

    /// <summary>The day that rows are told of: "as of 2026-09-30", "at the end of last month".</summary>
    [GeneratedRegex(@"\b(?:as (?:of|at) (?:the (?:end|start|beginning) of )?|at the (?:end|start|beginning) of )(?:the )?(?:\d{4}-\d{2}-\d{2}|" + NamedSpan + @"|20\d{2}|(?:this|last|previous) (?:week|month|quarter|year)|today|yesterday)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex AsOf();

    /// <summary>A time told from the other of the same question.</summary>
    [GeneratedRegex(@"\b(?:the (?:day|week|month|quarter|year|period) before(?! (?:last|this|the|in|q\d|\d))|the previous (?:period|one)|the one before|(?:an?|one) (?:week|month|quarter|year) (?:earlier|before)|the same (?:time|period|day|week|month|quarter|span) (?:(?:of )?(?:the )?(?:last|previous)|an?|one|the) (?:year|month|quarter)(?: (?:earlier|before|ago))?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherTime();

    [GeneratedRegex(@"\b(?:compare|compared|comparing|comparison|versus|vs|against|relative to|than|chang(?:e|ed)|differ(?:s|ed|ence)?|gr[eo]wn?|growth|develop(?:ed)?|increased?|decreased?|r[io]sen?|fallen|fell|dropped|declined?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Compares();

    [GeneratedRegex(@"(?<![\w$€£¥])(?:in )?(?:(?:EUR|USD|GBP|JPY|CHF|SEK|DKK|NOK|PLN|CZK|HUF|CAD|AUD|NZD|CNY|INR|BRL|MXN|ZAR|SGD|HKD|euros?|(?:us )?dollars?|pounds(?: sterling)?|yen|swiss francs?|(?:swedish|danish|norwegian) kron(?:a|or|er?)|zlotys?)\b|[$€£¥](?![\w\d]))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Currency();

    [GeneratedRegex(@"\b(?:of |worth )?(?:between [$€£¥]?\d[\d,]*(?:\.\d+)? ?(?:k|m|thousand|million)? and|over|above|exceeding|(?:more|greater|larger|bigger|higher|less|smaller|lower) than|under|below|at least|at most|up to) [$€£¥]?\d[\d,]*(?:\.\d+)?(?: ?(?:k|m|thousand|million))?(?!\w| days?\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bound();

    [GeneratedRegex(@"\b(?:(?:grouped|split|broken down) )?(?:by|per|for each|by each) (?:the )?(?:" + Groups + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b(?:by|via) (?!(?:the |each )?(?:" + Groups + @")\b|" + Stop + @"\b)(?:(?:the )?(?:number|count|amount|value) of )?\p{L}[\p{L}-]*(?: (?!" + Stop + @"\b)\p{L}[\p{L}-]*){0,2}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Means();

    /// <summary>Words with which another part begins.</summary>
    private const string Stop = "(?:in|from|of|for|since|during|over|under|above|below|by|per|and|or|to|on|at|with|between|last|this|next|today|yesterday|are|is|was|were|have|has|did|do)";

    [GeneratedRegex(@"\b(?:on average|the average|average)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Average();

    [GeneratedRegex(@"\b(?:the )?top (?:\d{1,3}|three|five|ten|twenty)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Top();

    [GeneratedRegex("(?:\\b(?:for|of|from|with|by|did) )?\u27E6\\d+\u27E7(?:'s)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?:(?:the|those(?: that are)?|that are|which are) )?(?:(?<filter>" + Adjectives + @")|(?<filter>[a-z][\w-]*(?: [a-z][\w-]*)?)(?= ones?\b))(?: ones?)?(?=$|\s|,)(?! (?:" + Nouns + @")\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Filter();

    // "Did we invoice" and "did they order" name no rows.
    [GeneratedRegex("(?<!\\b(?:we|they|it|us|to) )(?<!\u27E7 )" + @"\b(?:the )?(?:(?:" + Adjectives + @") )*(?:" + Nouns + @")(?: (?:on hold|in dispute|paid late))?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Rows();

    [GeneratedRegex(@"^(?:in|from|by|per|within|without|with|at|over|under|above|below|since|between|before|after|until|excluding|including|except) [\w' .-]{2,40}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Other();

    [GeneratedRegex(@"\b(?:in|from|of|for) (?:the )?(?=(?<words>\p{L}[\p{L}'.-]*(?: [a-z]+){0,2}))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Led();

    // Names with capitals anywhere ("in Hamburg and New York"), others where the text ends ("in rotterdam").
    [GeneratedRegex(@"\G(?:in|from|In|From) (?:" + CapitalName + "(?:(?:,| and| or|, and|, or)(?: in| from)? " + CapitalName + @")*|\p{Ll}[\p{L}'.-]+(?: [\p{L}'.-]+){0,2}(?=[?!. ]*$))(?! (?:industr|sector|segment|region|currenc)\w*)", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    private const string CapitalName = @"\p{Lu}[\p{L}'.-]*(?![\w'-])(?: (?:\p{Lu}[\p{L}'.-]*(?![\w'-])|(?:de|del|der|den|la|le|los|al|am|an|on|upon|of)(?= \p{Lu})))*";

    [GeneratedRegex(@"^\w+ (?:the|an?|each|every|all|any|some|our|my|your|their|its|his|her|this|that|these|those|which|what|it|them|us|total|dispute|full|part|arrears|detail|order|time|general|transit|advance|euros?|" + Nouns + "|" + Groups + @")\b|\b(?:industry|sector|segment)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoPlace();

    [GeneratedRegex(@"\b(?:customers?|clients?|accounts?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsCustomers();

    [GeneratedRegex(@"\b(?:(?<invoices>invoiced?|billed?|revenue|sales|turnover|owed?|owes|overdue|outstanding|balance|receivables)|(?<orders>orders?|ordered|bought)|(?<payments>received|paid|pay))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verb();

    [GeneratedRegex(@"^(?:\s*,)?(?:\s+and\b)?\s*(?:only |just )?")]
    private static partial Regex Joint();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
