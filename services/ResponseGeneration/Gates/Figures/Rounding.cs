using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>How a number was hedged.</summary>
internal enum Hedge
{
    None,

    /// <summary>"about 180"</summary>
    Near,

    /// <summary>"over 180"</summary>
    Above,

    /// <summary>"nearly 180"</summary>
    Below,
}

/// <summary>
/// The values that may be meant by a number that was said. A number stands for what rounds to its last digit; zeros at the end
/// are rounding, too, as long as three digits remain, or two when it is hedged; "over" and "nearly" reach one unit of
/// the last digit that is not zero to their side, at most a quarter of the number.
/// </summary>
internal static partial class Rounding
{
    private const int DigitsOfRound = 3;
    private const int DigitsOfHedged = 2;
    private const double MostOneSided = 0.25;
    private const double LeastRound = 20;
    private const double RoundStep = 5;

    // "Found over 180 invoices" tells of how many, not that they are more.
    public const string Hedges =
        @"\b(?<!\b(?:found|seen|observed|measured|spread|calculated|drawn|rests|across) (?=over ))(?:about|around|roughly|approximately|some|circa|close to|in the region of|nearly|almost|just under|not quite|under|less than|fewer than|below|up to|at most|just short of|"
        + @"no more than|over|more than|above|at least|in excess of|upwards of|just over|well over|no less than|exceeding) (?:(?:an? )?(?:estimated|total of|average of) )?|~ ?|≈ ?|\bca\.? ";

    public static Hedge HedgeOf(string words) => words.Trim().ToLowerInvariant() switch
    {
        "" => Hedge.None,
        var w when Above().IsMatch(w) => Hedge.Above,
        var w when Below().IsMatch(w) => Hedge.Below,
        _ => Hedge.Near,
    };

    /// <param name="value">What was said, with its scale.</param>
    /// <param name="step">Half a unit of the last digit that was said, with the scale.</param>
    /// <param name="hedge">How it was hedged.</param>
    /// <param name="isCount">Counts from fifty on are rounded to tens.</param>
    public static (double Low, double High) Of(double value, double step, Hedge hedge, bool isCount = false)
    {
        if (value == 0)
        {
            return (-step, step);
        }

        var unit = step * 2;
        var kept = hedge == Hedge.None ? DigitsOfRound : DigitsOfHedged;
        var whole = unit >= 1;
        while (whole && IsMultiple(value, unit * 10) && value / (unit * 10) >= Math.Pow(10, kept - 1))
        {
            unit *= 10;
        }

        var half = unit / 2;
        switch (hedge)
        {
            case Hedge.Near:
                // "About 45": people round to fives.
                half = whole && isCount && value >= 50 && IsMultiple(value, 10) ? Math.Max(half, 5)
                    : whole && value >= 10 && IsMultiple(value, 5) ? Math.Max(half, Math.Min(2.5, 0.06 * value)) : half;
                return (value - half, value + half);
            case Hedge.Above or Hedge.Below:
                var last = step * 2;
                while (IsMultiple(value, last * 10))
                {
                    last *= 10;
                }

                // "Less than 0.1%" is anything that is less.
                var least = hedge == Hedge.Below && !whole && value <= unit * 1.001;
                // Nobody says "more than 123": "found over 123 invoices" tells of how many.
                var isExact = whole && value >= LeastRound && !IsMultiple(value, RoundStep);
                var reach = least ? value : isExact ? step : Math.Max(step, Math.Min(last, MostOneSided * value));
                return hedge == Hedge.Above ? (value - step, value + reach) : (value - reach, value + step);
            default:
                return (value - half, value + half);
        }
    }

    /// <summary>A share in words, such as a third.</summary>
    public static (double Low, double High) OfShare(double value, Hedge hedge) => hedge switch
    {
        Hedge.None => (value - 0.01, value + 0.01),
        Hedge.Near => (value - 0.02, value + 0.02),
        Hedge.Above => (value - 0.002, value + 0.04),
        _ => (value - 0.04, value + 0.002),
    };

    /// <summary>A multiple in words, such as twice.</summary>
    public static (double Low, double High) OfMultiple(double value, Hedge hedge) => hedge switch
    {
        Hedge.None or Hedge.Near => (value * 0.875, value * 1.125),
        Hedge.Above => (value * 0.99, value * 1.25),
        _ => (value * 0.8, value * 1.01),
    };

    private static bool IsMultiple(double value, double unit) => Math.Abs(value - (Math.Round(value / unit) * unit)) < 1e-9 * Math.Max(1, value);

    [GeneratedRegex(@"^(?:over|more than|above|at least|in excess of|upwards of|just over|well over|no less than|exceeding)\b")]
    private static partial Regex Above();

    [GeneratedRegex(@"^(?:nearly|almost|just under|not quite|under|less than|fewer than|below|up to|at most|just short of|no more than)\b")]
    private static partial Regex Below();
}
