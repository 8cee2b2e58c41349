using System.Text;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Generation;

namespace Platform.ResponseGeneration.Models;

/// <summary>Takes the sentences with invented figures out of a text.</summary>
internal static class Repair
{
    /// <summary>Largest part of a text that may go; more, and it is another text.</summary>
    private const double MostRemoved = 1.0 / 3;

    /// <summary>Null when nothing can be taken out, or too much would have to be.</summary>
    public static string? Without(string text, IReadOnlyList<SaidFigure> invented)
    {
        if (invented.Count == 0)
        {
            return null;
        }

        var kept = new StringBuilder();
        var at = 0;
        var removed = 0;
        foreach (var sentence in Sentences.Of(text))
        {
            var (start, end) = (at, at + sentence.Length);
            if (invented.Any(f => f.Start >= start && f.Start < end))
            {
                removed += sentence.Length;

                // The line break of a removed list item goes with it, that of a paragraph stays.
                if (sentence.EndsWith('\n') && kept.Length > 0 && kept[^1] != '\n')
                {
                    kept.Append('\n');
                }
            }
            else
            {
                kept.Append(sentence);
            }

            at = end;
        }

        return removed <= MostRemoved * text.Length ? kept.ToString().Trim() : null;
    }
}
