using Platform.ResponseGeneration.Gates.Statements;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>The side of a balance or count that a figure belongs to; a clause that names another side speaks of another figure.</summary>
internal enum Side
{
    None,
    Open,
    Overdue,
    NotDue,
    Paid,
    Late,
    OnTime,
    Disputed,
}

/// <summary>The words by which a text tells that it speaks of a figure.</summary>
/// <param name="Any">Beginnings of words, of which one must stand near the figure; none: it may stand anywhere.</param>
/// <param name="Barred">Words that tell of another figure, unless one of <paramref name="Own"/> stands there, too.</param>
/// <param name="Own">Words that only this figure is told by.</param>
/// <param name="All">Groups of beginnings, of each of which one must stand near the figure as well.</param>
/// <param name="Topic">What it measures; a clause that names other topics speaks of another figure.</param>
/// <param name="Period">The span that it is of; a clause that names another speaks of another figure.</param>
internal sealed record Cue(
    string[] Any, string[]? Barred = null, string[]? Own = null, Side Side = Side.None, string[][]? All = null, Topic Topic = Topic.None, Period Period = Period.None)
{
    public static readonly Cue Anywhere = new([]);

    /// <summary>True when the words speak of the figure.</summary>
    /// <param name="words">All words near it.</param>
    /// <param name="telling">Those of them that tell what is measured.</param>
    public bool In(string words, string? telling = null) =>
        (Any.Length == 0 || Any.Any((telling ?? words).Contains))
        && (Barred is null || !Barred.Any(words.Contains) || (Own is not null && Own.Any(words.Contains)))
        && (All is null || All.All(group => group.Any(words.Contains)));

    /// <summary>The longer words of a label or sentence, cut to their stems.</summary>
    public static Cue From(string text, int least = 4)
    {
        var words = Wording.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(w => w.Length >= least && !char.IsAsciiDigit(w[0]) && !Measures.Common.Contains(w))
            .Select(w => " " + (w.Length > 6 ? w[..5] : w.TrimEnd('s'))).Distinct().ToArray();
        return new Cue(words);
    }

    public Cue Or(Cue other) => this with { Any = Any.Length == 0 || other.Any.Length == 0 ? [] : [.. Any, .. other.Any] };
}
