using System.Text.RegularExpressions;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Gates.Known;

namespace Platform.ResponseGeneration.Gates.Statements;

/// <summary>Where a figure stands in its statement, and what the words there say that it is.</summary>
internal sealed partial class Place
{
    private readonly Statement _statement;
    private readonly SaidFigure _said;
    private readonly string _before;
    private readonly string _after;

    public Place(Statement statement, SaidFigure said)
    {
        (_statement, _said) = (statement, said);
        _before = statement.Text[..(said.Start - statement.Start)];
        _after = statement.Text[(said.End - statement.Start)..];
        Clause = Statements.Clause.Around(statement, said);
        Words = WithoutThing(statement, said);
        Sides = Measures.SidesIn(Wording.Of(said.Text)) is { Count: > 0 } own && !statement.IsCell ? own : Measures.SidesIn(Clause);
        Periods = Roles.PeriodsIn(Clause);
        Topics = Clause.Length == 0 ? Topic.None
            : Roles.TopicsIn(Clause, said.Figure.Kind) is var named and not Topic.None ? named : Roles.TopicsIn(statement.Words, said.Figure.Kind);
        InRange = RangeBefore().IsMatch(_before) || RangeAfter().IsMatch(_after);
    }

    /// <summary>The words of the clause; nothing when the figure is the whole that another is a part of.</summary>
    public string Clause { get; }

    /// <summary>
    /// The words of the statement that may tell what is measured. That invoices or orders are counted does not tell which, so their own
    /// word is left out as soon as another one tells.
    /// </summary>
    public string Words { get; }

    /// <summary>The sides that the figure's own words name ("9 overdue invoices"), else those of its clause.</summary>
    public IReadOnlyList<Side> Sides { get; }

    public Topic Topics { get; }

    public Period Periods { get; }

    /// <summary>True for an end of "5 to 8 days" or "between 5 and 8".</summary>
    public bool InRange { get; }

    /// <summary>True for "more than 60 days" and "1–30 days": a bound is never said alone.</summary>
    public bool IsBound => InRange || Bound().IsMatch(_before + _said.Text) || _after.StartsWith('+') || _said.Text.Contains('+', StringComparison.Ordinal);

    /// <summary>"29 percentage points of all orders": points are a change, not a part.</summary>
    public bool IsPartOfWhole => PartOf().IsMatch(_after);

    /// <summary>True when the words tell in what unit a bare number is.</summary>
    public bool NamesUnit(FigureKind kind)
    {
        string[] words = kind switch
        {
            FigureKind.Days => _statement.IsCell ? [" day", " delay", " late ", " term", " dso "] : [" day", " week", " delay"],
            FigureKind.Ratio => [" share", " percent", " per cent", " rate", " ratio", " portion", " use ", " utili", " confidence"],
            FigureKind.Points => [" point"],
            FigureKind.Times => [" times ", " multiple", " ratio", " factor"],
            _ => [],
        };
        return words.Length == 0 || words.Any(_statement.Words.Contains)
            || (kind is FigureKind.Ratio or FigureKind.Points && (_statement.Text.Contains('%', StringComparison.Ordinal) || _statement.Labels.Contains('%', StringComparison.Ordinal)));
    }

    private static string WithoutThing(Statement statement, SaidFigure said)
    {
        var at = said.Text.LastIndexOf(' ');
        if (at < 0 || statement.IsCell || said.Figure.Things is not ("invoice" or "order" or "payment"))
        {
            return statement.Words;
        }

        var words = Wording.Of($"{statement.Text[..(said.Start - statement.Start)]}{said.Text[..at]} {statement.Text[(said.End - statement.Start)..]}");
        return Measures.AreNamed(words) ? words : statement.Words;
    }

    [GeneratedRegex(@"\d[\d.,]*(?: ?%| days?| weeks?| percent)?(?: to | and | ?– ?| ?- ?)$", RegexOptions.CultureInvariant)]
    private static partial Regex RangeBefore();

    [GeneratedRegex(@"^(?: to | and | ?– ?| ?- ?)\d", RegexOptions.CultureInvariant)]
    private static partial Regex RangeAfter();

    [GeneratedRegex(@"\b(?:more than|over|older than|longer than|beyond|past|at least|above|up to|within|less than|under|fewer than|exceeding|in excess of|no more than|at most) \D{0,3}[\d.,]+\D*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bound();

    [GeneratedRegex(@"^ of (?:all|its|their|the)\b", RegexOptions.CultureInvariant)]
    private static partial Regex PartOf();
}
