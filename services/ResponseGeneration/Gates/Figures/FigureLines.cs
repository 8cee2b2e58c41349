using System.Globalization;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>
/// Reads the figures of a text that grows, line by line, each line once. No figure goes from one line into the next, so it finds what
/// <see cref="FigureReader"/> finds in the whole. Not for several threads at once.
/// </summary>
internal sealed class FigureLines(CultureInfo culture)
{
    private readonly Dictionary<(string Line, bool AmongDigits), IReadOnlyList<SaidFigure>> _read = [];

    public IReadOnlyList<SaidFigure> Read(string text)
    {
        var figures = new List<SaidFigure>();
        var amongDigits = text.Any(char.IsAsciiDigit);
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var found ? found + 1 : text.Length;

            // The second line end stands for what follows: what may stand only at the end of the text is not at the end of this line.
            var line = end < text.Length ? $"{text.AsSpan(start, end - start)}\n" : text[start..];
            if (!_read.TryGetValue((line, amongDigits), out var own))
            {
                _read[(line, amongDigits)] = own = FigureReader.Read(line, culture, amongDigits);
            }

            foreach (var figure in own)
            {
                figures.Add(figure.MovedBy(start));
            }

            start = end;
        }

        return figures;
    }
}
