using System.Runtime.InteropServices;

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

    internal ref readonly Word this[int index] => ref CollectionsMarshal.AsSpan(Words)[index];

    internal ReadOnlySpan<char> Span(int index) => this[index].In(Text);

    /// <summary>What stands between a word and the next.</summary>
    internal ReadOnlySpan<char> Gap(int index) =>
        index + 1 < Words.Count ? Text.AsSpan(this[index].End, this[index + 1].Start - this[index].End) : default;

    internal bool SpaceAfter(int index) => Gap(index) is " " or "  ";

    internal bool Is(int index, string word) => index >= 0 && index < Words.Count && Span(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    internal bool IsOneOf(int index, WordSet words) =>
        index >= 0 && index < Words.Count && words.Contains(this[index]);

    internal char CharacterBefore(int index) => this[index].Start == 0 ? '\n' : Text[this[index].Start - 1];

    internal char CharacterAfter(int index) => this[index].End >= Text.Length ? '\n' : Text[this[index].End];

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
