using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Finds every figure in a text: amounts, shares, multiples, durations, counts and dates, in digits and in words.</summary>
internal static partial class FigureReader
{
    public static IReadOnlyList<SaidFigure> Read(string text, CultureInfo culture) => Read(text, culture, text.Any(char.IsAsciiDigit));

    /// <param name="text">The text, or a line of one.</param>
    /// <param name="culture">The separators of numbers.</param>
    /// <param name="amongDigits">The whole text has digits: only then a month without one is read as a date.</param>
    public static IReadOnlyList<SaidFigure> Read(string text, CultureInfo culture, bool amongDigits)
    {
        var figures = new List<SaidFigure>();
        var rest = text;
        if (amongDigits)
        {
            var masked = new StringBuilder(text);
            Mask(masked, SourceMark());
            Mask(masked, ListNumber());
            DateReader.Read(masked, figures);
            rest = masked.ToString();
            NumeralReader.Read(rest, culture, figures);
        }

        WordReader.Read(rest, figures);
        ZeroReader.Read(rest, figures);
        figures.Sort((left, right) => left.Start.CompareTo(right.Start));
        return figures;
    }

    private static void Mask(StringBuilder text, Regex pattern)
    {
        foreach (Match match in pattern.Matches(text.ToString()))
        {
            for (var i = match.Index; i < match.Index + match.Length; i++)
            {
                text[i] = text[i] is '\n' ? '\n' : ' ';
            }
        }
    }

    [GeneratedRegex(@"\[s\d+\]")]
    private static partial Regex SourceMark();

    [GeneratedRegex(@"^\s*\d{1,2}[.)]\s", RegexOptions.Multiline)]
    private static partial Regex ListNumber();
}
