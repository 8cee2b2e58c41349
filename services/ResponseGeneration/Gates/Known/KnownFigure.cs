using Platform.ResponseGeneration.Gates.Figures;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>A figure that an answer may say.</summary>
/// <param name="Figure">Its value and unit; the value of a date is its day number.</param>
/// <param name="Cue">The words that must speak of it.</param>
/// <param name="Owner">Id of the entity that it is about; null when it is about none in particular or about several.</param>
/// <param name="Exactly">Must be said as it is: "90 days" of an age is not "about three months".</param>
internal sealed record KnownFigure(Figure Figure, Cue Cue, string? Owner = null, bool Exactly = false)
{
    /// <summary>What a number of a table counts: its column tells, in words that nobody listed.</summary>
    public const string AnyUnit = "*";

    /// <summary>How far a figure that must be said exactly may be off.</summary>
    private const double Widest = 0.5;

    /// <summary>True when the values agree, whatever the words around them.</summary>
    public bool Agrees(SaidFigure said)
    {
        var (known, told) = (Figure, said.Figure);
        if (told.Kind is FigureKind.Date or FigureKind.DayOfYear or FigureKind.Month or FigureKind.MonthOfYear or FigureKind.Quarter or FigureKind.Year)
        {
            return known.Kind == FigureKind.Date ? DateReader.Holds(told, DateOnly.FromDayNumber((int)known.Value)) : known.Kind == told.Kind && known.Value == told.Value;
        }

        if (Exactly && Math.Abs(said.Figure.Value - known.Value) > Widest)
        {
            return false;
        }

        var exact = Math.Abs(known.Value);
        return known.Kind switch
        {
            FigureKind.Date or FigureKind.DayOfYear or FigureKind.Month or FigureKind.MonthOfYear or FigureKind.Quarter or FigureKind.Year => false,
            FigureKind.Ratio => told.Kind == FigureKind.Ratio ? said.Holds(exact) : told.Kind == FigureKind.Number && told.Things.Length == 0 && said.Holds(exact * 100),
            FigureKind.Points => told.Kind == FigureKind.Points ? said.Holds(exact) : told.Kind == FigureKind.Number && told.Things.Length == 0 && said.Holds(exact * 100),
            FigureKind.Number => NumberAgrees(known, told) && (said.Holds(exact) || (told.Kind == FigureKind.Ratio && said.Holds(exact / 100))),
            FigureKind.Money => (told.Kind == FigureKind.Money ? told.Currency.Length == 0 || known.Currency.Length == 0 || told.Currency == known.Currency : told.Kind == FigureKind.Number && told.Things.Length == 0) && said.Holds(exact),
            _ => (told.Kind == known.Kind || (told.Kind == FigureKind.Number && told.Things.Length == 0)) && said.Holds(exact),
        };
    }

    // "14 invoices" is a count of invoices; a number of a table may be told as any.
    private static bool NumberAgrees(Figure known, Figure told) =>
        told.Kind == FigureKind.Number
            ? told.Things.Length == 0 || (known.Things.Length == 0 && known.Value == Math.Floor(known.Value)) || known.Things == AnyUnit || known.Things.Contains(told.Things, StringComparison.Ordinal)
            : known.Things == AnyUnit && (told.Kind is FigureKind.Money or FigureKind.Times or FigureKind.Days or FigureKind.Ratio);
}
