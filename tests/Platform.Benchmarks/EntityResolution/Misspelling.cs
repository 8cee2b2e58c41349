using Platform.EntityResolution.Names;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>Writes names as people do in a hurry. The same seed gives the same names.</summary>
internal sealed class Misspelling(int seed)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private readonly Random _random = new(seed);

    /// <summary>The name with so many slips: a letter more, less, another one, or two swapped; any place, any word.</summary>
    public string Slip(string name, int slips)
    {
        var text = name;
        for (var i = 0; i < slips; i++)
        {
            text = SlipOnce(text);
        }

        return text == name ? Slip(name, slips) : text;
    }

    public string OtherOrder(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var cut = words.Length < 2 ? 0 : _random.Next(1, words.Length);
        return string.Join(' ', words[cut..].Concat(words[..cut]));
    }

    /// <summary>The name without one of its words, never the first.</summary>
    public string Omit(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words.Count > 2)
        {
            words.RemoveAt(_random.Next(1, words.Count));
        }

        return string.Join(' ', words);
    }

    /// <summary>What people call a company: its first words up to a telling one, perhaps some more, without the legal form.</summary>
    public string Shortened(string name)
    {
        var words = NameText.Normalize(name).Words;
        var least = 1;
        while (least < words.Count && CommonWords.Share(words[least - 1]) > CommonWords.OtherShare)
        {
            least++;
        }

        return string.Join(' ', words.Take(_random.Next(least, Math.Max(least, words.Count - 1) + 1)));
    }

    /// <summary>Some words from within the name, a telling one among them; null when only its first words tell.</summary>
    public string? Inner(string name)
    {
        var words = NameText.Normalize(name).Words;
        var telling = Enumerable.Range(1, Math.Max(0, words.Count - 1)).Where(n => CommonWords.Share(words[n]) <= CommonWords.OtherShare).ToList();
        if (telling.Count == 0)
        {
            return null;
        }

        var at = telling[_random.Next(telling.Count)];
        return string.Join(' ', words.Skip(at).Take(_random.Next(1, words.Count - at + 1)));
    }

    /// <summary>The name with a word of another one, before it or behind it.</summary>
    public string WithWordOf(string other, string name)
    {
        var words = NameText.Normalize(other).Words;
        var word = words[_random.Next(words.Count)];
        return _random.Next(2) == 0 ? $"{word} {name}" : $"{name} {word}";
    }

    public string Joined(string name)
    {
        var spaces = name.Select((c, n) => (c, n)).Where(p => p.c == ' ').Select(p => p.n).ToList();
        return spaces.Count == 0 ? name : name.Remove(spaces[_random.Next(spaces.Count)], 1);
    }

    private string SlipOnce(string text)
    {
        var at = _random.Next(text.Length);
        var letter = Letters[_random.Next(Letters.Length)];
        return _random.Next(4) switch
        {
            0 => text.Insert(at, letter.ToString()),
            1 when text.Length > 4 => text.Remove(at, 1),
            2 when at + 1 < text.Length => string.Concat(text.AsSpan(0, at), [text[at + 1], text[at]], text.AsSpan(at + 2)),
            _ => string.Concat(text.AsSpan(0, at), [letter], text.AsSpan(at + 1)),
        };
    }
}
