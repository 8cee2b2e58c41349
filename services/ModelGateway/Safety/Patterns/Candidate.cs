namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>
/// Up to <see cref="MostGroups"/> groups of letters and digits with one separator between each, as numbers are written:
/// <c>4111 1111 1111 1111</c>, <c>85.07.30-033.28</c>, <c>GB29NWBK60161331926819</c>.
/// </summary>
internal ref struct Candidate
{
    internal const int MostGroups = 10;
    private const int MostCharacters = 40;
    private const int LookBack = 60;
    private const int LookAhead = 24;

    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<Group> _groups;
    private readonly KeywordHits _keywords;

    /// <param name="text">The whole text.</param>
    /// <param name="groups">The groups of the number.</param>
    /// <param name="compact">The same without separators, in capitals.</param>
    /// <param name="keywords">The keywords of the text.</param>
    internal Candidate(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, ReadOnlySpan<char> compact, KeywordHits keywords)
    {
        _text = text;
        _groups = groups;
        _keywords = keywords;
        Compact = compact;
        foreach (var group in groups)
        {
            HasLetters |= group.HasLetters;
        }

        Separator = groups.Length < 2 ? '\0' : text[groups[0].End];
        for (var index = 1; index < groups.Length - 1; index++)
        {
            Uniform &= text[groups[index].End] == Separator;
        }
    }

    /// <summary>Room that the compact form needs.</summary>
    internal static int Room => MostCharacters;

    /// <summary>Without separators, in capitals.</summary>
    internal ReadOnlySpan<char> Compact { get; }

    internal bool HasLetters { get; }

    internal char Separator { get; }

    /// <summary>True when all separators are the same.</summary>
    internal bool Uniform { get; } = true;

    internal int Groups => _groups.Length;

    internal int Start => _groups[0].Start;

    internal int End => _groups[^1].End;

    internal bool IsDigits => !HasLetters;

    /// <summary>True when the groups have these lengths.</summary>
    internal bool Shaped(params ReadOnlySpan<int> lengths)
    {
        if (lengths.Length != _groups.Length)
        {
            return false;
        }

        for (var index = 0; index < lengths.Length; index++)
        {
            if (_groups[index].Length != lengths[index])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when one of the words stands shortly before, or right after.</summary>
    internal bool Near(Keyword words) => Before(words) || _keywords.Any(words, End, Math.Min(_text.Length, End + LookAhead));

    internal bool Before(Keyword words) => _keywords.Any(words, Math.Max(0, Start - LookBack), Start);
}

/// <summary>Letters and digits without a gap.</summary>
internal readonly record struct Group(int Start, int Length, bool HasLetters)
{
    internal int End => Start + Length;
}
