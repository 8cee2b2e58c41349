using System.Collections.Frozen;

namespace Platform.ModelGateway.Safety.Words;

/// <summary>Words by their hashes in the <see cref="Lexicon"/>, so that a word of a text is looked up without being read again.</summary>
/// <param name="words">With blanks between.</param>
internal sealed class WordSet(string words)
{
    private readonly FrozenSet<ulong> _hashes = words.Split(' ').Select(word => Lexicon.Hash(word)).ToFrozenSet();

    internal bool Contains(in Word word) => _hashes.Contains(word.Hash);
}
