namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>What a clause measures, where several figures of one unit compete for it.</summary>
[Flags]
internal enum Topic
{
    None = 0,
    Terms = 1,
    Settling = 2,
    Median = 4,
    Mean = 8,
    Shift = 16,
    Interval = 32,
    Rush = 64,
    Bought = 128,
    Paid = 256,
    OnTime = 512,

    /// <summary>The size of a pattern.</summary>
    Effect = 1024,
}

/// <summary>The span that a figure is of.</summary>
[Flags]
internal enum Period
{
    None = 0,
    Before = 1,
    Recent = 2,
    Year = 4,

    /// <summary>All that was looked at, before and after a change.</summary>
    Whole = 8,
}

/// <summary>Which topics and periods a clause names.</summary>
internal static class Roles
{
    private const Topic OfDurations = Topic.Terms | Topic.Settling | Topic.Median | Topic.Mean | Topic.Shift | Topic.Interval | Topic.Effect;
    private const Topic OfCounts = Topic.Shift | Topic.Rush | Topic.Bought | Topic.Paid | Topic.OnTime;
    private const Topic OfShares = Topic.Rush | Topic.Paid | Topic.OnTime;

    private static readonly (Topic Topic, string[] Beginnings)[] Topics =
    [
        (Topic.Terms, [" term", " agreed", " allowed", " contract"]),
        (Topic.Settling, [" settle", " from invoice", " to payment", " takes ", " take ", " took ", " from issue", " after issu", " after invoic", " until paid"]),
        (Topic.Median, [" median", " half of ", " half the ", " half its ", " midpoint"]),
        (Topic.Mean, [" average", " mean ", " on avg"]),
        (Topic.Shift, [" slip", " shift", " drift", " than before", " than it used", " than they used", " than they did", " than it did", " moved"]),
        (Topic.Interval, [" interval", " confidence", " between", " range", " plausibl", " likely"]),
        (Topic.Rush, Measures.Rush),
        (Topic.Effect, [" effect"]),
        (Topic.Bought, [" bought", " buy", " purchas", " placed", " spend", " spent", " volume"]),
        (Topic.Paid, [" paid ", " settled", " pays ", " paying"]),
        (Topic.OnTime, Measures.OnTime),
    ];

    private static readonly string[] Comparatives = [" than before ", " as before ", " than earlier ", " days before ", " or earlier ", " days earlier "];
    private static readonly string[] Years = [" last 12 months ", " past 12 months ", " 12 months ", " twelve months ", " past year ", " last year ", " this year ", " over the year ", " annual"];
    private static readonly string[] Earlier = [" before", " earlier", " used to", " previous", " had been", " formerly", " prior "];
    private static readonly string[] Later = [" now ", " since", " recent", " last ", " past 90 days", " past three months", " after the change", " after the shift", " after that", " currently"];

    /// <summary>The topics among those that figures of the unit compete for.</summary>
    public static Topic TopicsIn(string words, Figures.FigureKind kind)
    {
        var asked = kind switch
        {
            Figures.FigureKind.Days => OfDurations,
            Figures.FigureKind.Number => OfCounts,
            Figures.FigureKind.Ratio or Figures.FigureKind.Points => OfShares,
            _ => Topic.None,
        };
        return Topics.Where(t => asked.HasFlag(t.Topic) && t.Beginnings.Any(words.Contains)).Aggregate(Topic.None, (named, t) => named | t.Topic);
    }

    public static Period PeriodsIn(string words)
    {
        var named = Years.Any(words.Contains) ? Period.Year : Period.None;
        words = Comparatives.Concat(Years).Aggregate(words, (w, phrase) => w.Replace(phrase, " ", StringComparison.Ordinal));
        named |= Earlier.Any(words.Contains) ? Period.Before : Period.None;
        named |= Later.Any(words.Contains) ? Period.Recent : Period.None;
        return named.HasFlag(Period.Before | Period.Recent) ? named | Period.Whole : named;
    }

    /// <summary>The period that the name of a figure or part tells.</summary>
    public static Period PeriodOf(string key) =>
        key.EndsWith("_before", StringComparison.Ordinal) || key.StartsWith("earlier_", StringComparison.Ordinal) || key == "before" ? Period.Before
        : key.EndsWith("_after", StringComparison.Ordinal) || key.EndsWith("_recent", StringComparison.Ordinal) || key.StartsWith("last 90", StringComparison.Ordinal) ? Period.Recent
        : Period.None;
}
