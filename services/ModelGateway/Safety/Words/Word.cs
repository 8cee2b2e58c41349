namespace Platform.ModelGateway.Safety.Words;

/// <summary>How a word is written.</summary>
internal enum WordShape : byte
{
    Lower,
    Capitalised,
    Capitals,
    Mixed,
    Number,
}

/// <summary>A word or number of a text. Hyphens and apostrophes between letters belong to it.</summary>
/// <param name="BeginsSentence">True after a full stop, a line break, a colon or a quotation mark.</param>
internal readonly record struct Word(int Start, int Length, WordKinds Kinds, WordShape Shape, bool BeginsSentence, ulong Hash)
{
    internal int End => Start + Length;

    internal bool Is(WordKinds kinds) => (Kinds & kinds) != 0;

    internal bool IsEnglish => Is(WordKinds.English);

    internal bool IsName => Is(WordKinds.GivenName | WordKinds.Surname);

    internal bool IsUpper => Shape is WordShape.Capitalised or WordShape.Capitals or WordShape.Mixed;

    internal ReadOnlySpan<char> In(string text) => text.AsSpan(Start, Length);
}
