namespace Platform.EntityResolution.Names;

/// <summary>
/// Folds text to comparable words: the one normalisation that registry names, aliases and questions go through, so that a
/// key computed on any side is the same key.
/// </summary>
internal static class NameText
{
    public static List<NameToken> Tokenize(string text)
    {
        var tokens = new List<NameToken>();
        var scanner = new WordScanner(text, new WordBuffer());
        while (scanner.Next())
        {
            tokens.Add(new NameToken(
                WriteOut(scanner.Word),
                scanner.Start,
                scanner.Length,
                scanner.StemLength < 0 ? null : WriteOut(scanner.Word[..scanner.StemLength])));
        }

        return tokens;
    }

    /// <summary>The comparable form of a whole name.</summary>
    public static NormalizedName Normalize(string name)
    {
        var words = NameWords.Rented();
        words.Read(name);
        return words.ToNormalizedName();
    }

    private static string WriteOut(ReadOnlySpan<char> word) => Abbreviations.TryWriteOut(word) ?? word.ToString();
}
