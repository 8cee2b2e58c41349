namespace Platform.ResponseGeneration.Gates;

internal enum FigureKind
{
    /// <summary>A number without a unit.</summary>
    Number,
    Money,

    /// <summary>A share; 0.25 is 25 %.</summary>
    Ratio,
    Days,
    Date,

    /// <summary>A month of a year or a year: the date of a figure whose day is not said.</summary>
    Month,
    Year,
}

/// <summary>A figure, as it may be said or as it was said.</summary>
/// <param name="Value">Amount, share, days; for dates the day number.</param>
/// <param name="Currency">ISO code of money, when said.</param>
/// <param name="Things">What is counted, in the singular ("invoice"); empty when nothing in particular.</param>
internal sealed record Figure(FigureKind Kind, double Value, string Currency = "", string Things = "");

/// <summary>A figure in a text.</summary>
/// <param name="Step">Half a unit of the last digit that was said: how far rounding may have moved it.</param>
/// <param name="Other">The same characters read with the separators of en-US, when that gives another number.</param>
internal sealed record SaidFigure(Figure Figure, double Step, string Text, int Start, SaidFigure? Other = null);
