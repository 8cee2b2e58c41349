namespace Platform.ModelGateway.Safety.Words;

/// <summary>What vocabularies and the words around tell: names, places, companies, addresses, days, ages.</summary>
internal sealed class WordRecognizer : IPiiRecognizer
{
    public void Find(string text, PiiFindings findings)
    {
        var (words, isEnglish) = WordReader.Read(text, findings);
        if (words.Count == 0)
        {
            return;
        }

        var sentence = new WordText(text, words, isEnglish);
        AddressRules.Find(sentence, findings);
        DateRules.Find(sentence, findings);
        NameRules.Find(sentence, findings);
        JobRules.Find(sentence, findings);
    }
}

/// <summary>A text and its words.</summary>
internal sealed record WordText(string Text, List<Word> Words, bool IsEnglish)
{
    internal int Count => Words.Count;

    internal Word this[int index] => Words[index];

    internal ReadOnlySpan<char> Span(int index) => Words[index].In(Text);

    /// <summary>What stands between a word and the next.</summary>
    internal ReadOnlySpan<char> Gap(int index) =>
        index + 1 < Words.Count ? Text.AsSpan(Words[index].End, Words[index + 1].Start - Words[index].End) : default;

    internal bool SpaceAfter(int index) => Gap(index) is " " or "  ";

    internal bool Is(int index, string word) => index >= 0 && index < Words.Count && Span(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    internal bool IsOneOf(int index, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> words) =>
        index >= 0 && index < Words.Count && words.Contains(Span(index));

    internal char CharacterBefore(int index) => Words[index].Start == 0 ? '\n' : Text[Words[index].Start - 1];

    internal char CharacterAfter(int index) => Words[index].End >= Text.Length ? '\n' : Text[Words[index].End];

    /// <summary>True when the word is the first of its line.</summary>
    internal bool BeginsLine(int index) => index == 0 || Gap(index - 1).Contains('\n');

    internal bool EndsLine(int index) => index == Words.Count - 1 || Gap(index).Contains('\n');

    /// <summary>The hash of the words from one to another, as the lists have phrases.</summary>
    internal ulong Phrase(int from, int to)
    {
        var hash = Lexicon.Hash(Span(from));
        for (var index = from + 1; index <= to; index++)
        {
            hash = Lexicon.Hash(Span(index), Lexicon.Hash(" ", hash));
        }

        return hash;
    }
}
