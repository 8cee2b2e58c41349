using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Gates.Statements;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>Every figure that an answer to a context may say: those in it, and the sums, differences, shares and averages that a reader would form.</summary>
internal sealed class KnownFigures
{
    private readonly string[] _names;

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    private readonly List<KnownFigure> _figures = [];

    private KnownFigures(string[] names) => _names = names;

    public static KnownFigures From(SynthesizedContext context)
    {
        var figures = new KnownFigures([.. context.Entities.Select(e => e.Name).Where(n => n.Length > 2)]);
        FactFigures.Add(figures, context);
        PatternFigures.Add(figures, context);
        DecisionFigures.Add(figures, context);
        DataFigures.Add(figures, context.DataQuestion);
        QuotedFigures.Add(figures, context);
        return figures;
    }

    /// <summary>
    /// True when a figure follows from the context: a value agrees, it is that of whom the text speaks, and the words around it
    /// speak of that value and of no other.
    /// </summary>
    public bool Allow(SaidFigure said, Statement statement, IReadOnlyList<string> owners)
    {
        var place = new Place(statement, said);
        foreach (var reading in said.Readings)
        {
            foreach (var known in _figures)
            {
                if (known.Agrees(reading) && (known.Owner is null || owners.Count == 0 || owners.Contains(known.Owner)) && Speaks(known, reading, statement, place))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Add(Figure figure, Cue cue, string? owner = null, bool exactly = false) => _figures.Add(new KnownFigure(figure, cue, owner, exactly));

    public void Add(FigureKind kind, double value, Cue cue, string? owner = null, string currency = "", string things = "") =>
        _figures.Add(new KnownFigure(new Figure(kind, value, currency, things), cue, owner));

    public void Add(Value? value, Cue cue, string? owner = null, string things = "")
    {
        switch (value?.KindCase)
        {
            case Value.KindOneofCase.Money:
                Add(FigureKind.Money, (double)Language.Amount(value.Money), cue, owner, value.Money.Currency);
                break;
            case Value.KindOneofCase.Count:
                Add(FigureKind.Number, value.Count, cue, owner, things: things);
                break;
            case Value.KindOneofCase.Ratio:
                Add(FigureKind.Ratio, value.Ratio, cue, owner);
                break;
            case Value.KindOneofCase.Days:
                Add(FigureKind.Days, value.Days, cue, owner);
                break;
            case Value.KindOneofCase.Date:
                Add(Language.Day(value.Date), cue, owner);
                break;
            case Value.KindOneofCase.Number:
                Add(FigureKind.Number, value.Number, cue, owner);
                break;
            case Value.KindOneofCase.Text:
                AddText(value.Text, owner, cue);
                break;
            case Value.KindOneofCase.Unknown:
                AddText(value.Unknown, owner, cue);
                break;
        }
    }

    public void Add(DateOnly? day, Cue cue, string? owner = null)
    {
        if (day is { } known)
        {
            Add(FigureKind.Date, known.DayNumber, cue, owner);
        }
    }

    /// <summary>How many there are so far.</summary>
    public int Count => _figures.Count;

    /// <summary>The figures of a text of the platform; each is told by the words of its sentence, or by <paramref name="or"/>.</summary>
    /// <param name="known">From here on stand figures that the text repeats; those are told by their own words alone.</param>
    public void AddText(string text, string? owner = null, Cue? or = null, int? known = null)
    {
        // What somebody planted in a text of the platform is no figure of it.
        if (text.Length == 0 || (!text.Any(char.IsAsciiDigit) && !SaysNone(text)) || Untrusted.ReadsLikeOrders(text))
        {
            return;
        }

        foreach (var sentence in Generation.Sentences.Of(text))
        {
            var said = FigureReader.Read(sentence, English);
            if (said.Count == 0)
            {
                continue;
            }

            // The name of a customer tells nothing about what is measured.
            var cue = Cue.From(_names.Aggregate(sentence, (s, n) => s.Replace(n, " ", StringComparison.OrdinalIgnoreCase)));
            cue = or is null ? cue : cue.Or(or);
            var repeated = known is { } first ? _figures[first..] : [];
            _figures.AddRange(said.Where(f => !repeated.Exists(k => k.Agrees(f))).Select(f => new KnownFigure(f.Figure, cue, owner)));
        }
    }

    // Most texts of the platform hold no figure, and looking for one costs more than this.
    private static bool SaysNone(string text) => text.Contains("no ", StringComparison.OrdinalIgnoreCase) || text.Contains("not", StringComparison.OrdinalIgnoreCase) || text.Contains("all", StringComparison.OrdinalIgnoreCase);

    private static bool Speaks(KnownFigure known, SaidFigure said, Statement statement, Place place)
    {
        if (IsOfOther(known, place) || !UnitIsSaid(known, said, place))
        {
            return false;
        }

        if (known.Cue.In(statement.Words, place.Words))
        {
            return true;
        }

        // A sentence that names no measure continues the one before.
        return !Measures.AreNamed(statement.Words) && (said.IsDistinctive || known.Cue.In(statement.Around + statement.Words));
    }

    /// <summary>True when the clause names another side, topic or period than the figure's.</summary>
    private static bool IsOfOther(KnownFigure known, Place place)
    {
        var cue = known.Cue;
        return (cue.Side != Side.None && place.Sides.Count > 0 && !place.Sides.Contains(cue.Side))
            // What is said of one age of overdue invoices says nothing of all of them.
            || (cue.Side == Side.Overdue && Measures.NamesAnAge(place.Clause))
            || (cue.Topic != Topic.None && place.Topics != Topic.None && (cue.Topic & place.Topics) == Topic.None && !(place.InRange && cue.Topic.HasFlag(Topic.Interval)))
            || (cue.Period != Period.None && place.Periods != Period.None && (cue.Period & place.Periods) == Period.None);
    }

    private static bool UnitIsSaid(KnownFigure known, SaidFigure said, Place place) =>
        (!known.Exactly || place.IsBound)
        && !(said.Figure.Kind == FigureKind.Points && place.IsPartOfWhole)
        && (said.Figure.Kind != FigureKind.Number || known.Figure.Kind is FigureKind.Number or FigureKind.Money || place.NamesUnit(known.Figure.Kind));
}
