using System.Buffers;

namespace Platform.ModelGateway.Safety.Words;

/// <summary>What vocabularies and the words around tell: names, places, companies, addresses, days, ages.</summary>
internal sealed class WordRecognizer : IPiiRecognizer
{
    /// <summary>Of a word with what follows it, in most texts.</summary>
    private const int FewestCharacters = 4;

    public void Find(string text, PiiFindings findings)
    {
        var rented = ArrayPool<Word>.Shared.Rent((text.Length / FewestCharacters) + 1);
        var words = rented;
        try
        {
            var (count, isEnglish) = WordReader.Read(text, ref words, findings);
            var sentence = new WordText(text, words, count, isEnglish);
            AddressRules.Find(sentence, findings);
            DateRules.Find(sentence, findings);
            NameRules.Find(sentence, findings);
            JobRules.Find(sentence, findings);
        }
        finally
        {
            ArrayPool<Word>.Shared.Return(rented);
        }
    }
}

/// <summary>A text and its words.</summary>
internal sealed class WordText(string text, Word[] words, int count, bool isEnglish)
{
    internal string Text => text;

    internal int Count => count;

    /// <summary>Its words in small letters are mostly English.</summary>
    internal bool IsEnglish => isEnglish;

    internal ref readonly Word this[int index] => ref words[index];

    internal ReadOnlySpan<char> Span(int index) => this[index].In(Text);

    /// <summary>What stands between a word and the next.</summary>
    internal ReadOnlySpan<char> Gap(int index) =>
        index + 1 < count ? Text.AsSpan(this[index].End, this[index + 1].Start - this[index].End) : default;

    internal bool SpaceAfter(int index) => Gap(index) is " " or "  ";

    internal bool Is(int index, string word) => index >= 0 && index < count && Span(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    internal bool IsOneOf(int index, WordSet set) =>
        index >= 0 && index < count && set.Contains(this[index]);

    internal char CharacterBefore(int index) => this[index].Start == 0 ? '\n' : Text[this[index].Start - 1];

    internal char CharacterAfter(int index) => this[index].End >= Text.Length ? '\n' : Text[this[index].End];

    /// <summary>True when the word is the first of its line.</summary>
    internal bool BeginsLine(int index) => index == 0 || Gap(index - 1).Contains('\n');

    internal bool EndsLine(int index) => index == count - 1 || Gap(index).Contains('\n');

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
