using Platform.ResponseGeneration.Gates.Statements;
using Platform.ResponseGeneration.Generation;

namespace Platform.ResponseGeneration.Models;

/// <summary>Finds the sentence of the verified draft that says what a sentence of a model meant to say.</summary>
internal sealed class DraftSentences(string draft)
{
    /// <summary>Least share of words that two sentences have in common when they speak of the same.</summary>
    private const double LeastAlike = 0.35;

    // What is quoted from notes is not the draft's own.
    private readonly List<(string Text, HashSet<string> Words)> _left =
        [.. Sentences.Of(draft).Where(s => s.Trim().Length > 0 && !s.Contains('"', StringComparison.Ordinal) && !s.TrimStart().StartsWith('|') && !s.TrimStart().StartsWith('#')).Select(s => (s.Trim(), WordsOf(s)))];

    /// <summary>The draft's sentence, once; null when none is alike.</summary>
    public string? TakeFor(string sentence)
    {
        var words = WordsOf(sentence);
        if (words.Count == 0 || sentence.TrimStart().StartsWith('|') || _left.Count == 0)
        {
            return null;
        }

        var (best, alike) = _left.Select((s, i) => (Index: i, Alike: (double)s.Words.Count(words.Contains) / Math.Max(1, s.Words.Union(words).Count()))).MaxBy(s => s.Alike);
        if (alike < LeastAlike)
        {
            return null;
        }

        var text = _left[best].Text;
        _left.RemoveAt(best);
        return text;
    }

    /// <summary>A model that says a sentence of the draft itself has used it up.</summary>
    public void Said(string sentence)
    {
        var text = sentence.Trim();
        _left.RemoveAll(s => s.Text == text);
    }

    private static HashSet<string> WordsOf(string sentence) =>
        [.. Wording.Of(sentence).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 2 && !w.Any(char.IsAsciiDigit)).Select(w => w.Length > 5 ? w[..5] : w)];
}
