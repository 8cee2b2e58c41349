namespace Platform.EntityResolution.Names;

/// <summary>One word of a text after folding, with where it stands.</summary>
/// <param name="Text">Folded: lower case, without accents and apostrophes, abbreviations written out.</param>
/// <param name="Start">Offset of the first character, in UTF-16 code units.</param>
/// <param name="Length">Length as written, in UTF-16 code units, without a possessive ending.</param>
/// <param name="Stem">The word without its possessive ending ("delta" for "Delta's"); null when it has none.</param>
internal readonly record struct NameToken(string Text, int Start, int Length, string? Stem)
{
    public int End => Start + Length;

    public bool IsPossessive => Stem is not null;
}
