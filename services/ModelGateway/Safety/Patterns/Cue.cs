using System.Buffers;

namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Words that are looked for beside a find. They begin where a word begins; short ones also end where it ends, so that "tin" is not in "Tintin" or "tiny".</summary>
internal sealed class Cue
{
    private const int ShortWord = 4;

    private readonly string[] _words;
    private readonly SearchValues<string> _any;

    internal Cue(string[] words)
    {
        _words = words;
        _any = SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);
    }

    internal bool In(ReadOnlySpan<char> text)
    {
        for (var position = 0; position < text.Length;)
        {
            var next = text[position..].IndexOfAny(_any);
            if (next < 0)
            {
                return false;
            }

            position += next;
            if (IsWord(text, position))
            {
                return true;
            }

            position++;
        }

        return false;
    }

    private bool IsWord(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && char.IsLetter(text[at]) && char.IsLetter(text[at - 1]))
        {
            return false;
        }

        foreach (var word in _words)
        {
            if (text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (word.Length > ShortWord || at + word.Length >= text.Length || !char.IsLetter(text[at + word.Length]) || !char.IsLetter(word[^1])))
            {
                return true;
            }
        }

        return false;
    }
}
