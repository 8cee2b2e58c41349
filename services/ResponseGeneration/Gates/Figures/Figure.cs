namespace Platform.ResponseGeneration.Gates.Figures;

internal enum FigureKind
{
    /// <summary>A number without a unit, or a count of things.</summary>
    Number,
    Money,

    /// <summary>A share; 0.25 is 25 %.</summary>
    Ratio,

    /// <summary>A difference of shares in percentage points; 0.25 is 25 points.</summary>
    Points,

    /// <summary>How many times one thing is another; twice is 2.</summary>
    Times,

    /// <summary>A duration in days.</summary>
    Days,

    /// <summary>A day, by its number.</summary>
    Date,

    /// <summary>A day of a year that is not said: month × 100 + day.</summary>
    DayOfYear,

    /// <summary>A month of a year: year × 12 + month.</summary>
    Month,

    /// <summary>A month of a year that is not said.</summary>
    MonthOfYear,

    /// <summary>A quarter of a year: year × 4 + quarter.</summary>
    Quarter,
    Year,
}

/// <summary>A figure, as it may be said or as it was said.</summary>
/// <param name="Value">Amount, share, days; see <see cref="FigureKind"/> for dates.</param>
/// <param name="Currency">ISO code of money, when said.</param>
/// <param name="Things">What is counted, in the singular ("invoice"); empty when nothing in particular.</param>
internal sealed record Figure(FigureKind Kind, double Value, string Currency = "", string Things = "");

/// <summary>A figure in a text.</summary>
/// <param name="Low">Least value that rounds to what was said; "over 100" begins at 100.</param>
/// <param name="High">Largest value that rounds to what was said.</param>
/// <param name="Other">The same characters read in another way: with the separators of en-US, or with day and month exchanged.</param>
internal sealed record SaidFigure(Figure Figure, double Low, double High, string Text, int Start, int Length, SaidFigure? Other = null)
{
    public int End => Start + Length;

    /// <summary>The figure and its other reading.</summary>
    public IEnumerable<SaidFigure> Readings => Other is null ? [this] : [this, Other];

    /// <summary>The same figure where a text that it stands in begins so many characters earlier.</summary>
    public SaidFigure MovedBy(int characters) =>
        characters == 0 ? this : this with { Start = Start + characters, Other = Other?.MovedBy(characters) };

    /// <summary>Four digits or more that a reader would not call round: another figure is hardly ever the same by chance.</summary>
    public bool IsDistinctive => Text.Count(char.IsAsciiDigit) >= 4 && Text.Where(char.IsAsciiDigit).SkipWhile(d => d == '0').Reverse().SkipWhile(d => d == '0').Count() >= 4;

    public bool Holds(double exact)
    {
        var slack = 1e-9 * Math.Max(1, Math.Abs(exact));
        return exact >= Low - slack && exact <= High + slack;
    }
}
