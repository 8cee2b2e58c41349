namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Groups that may be one number, and what they are without separators, in capitals, as far as there is room.</summary>
internal ref struct WrittenNumber(Span<Group> groups, Span<char> compact, Span<int> ends)
{
    private readonly Span<Group> _groups = groups;
    private readonly Span<char> _compact = compact;
    private readonly Span<int> _ends = ends;
    private int _count;
    private int _written;
    private int _length;
    private bool _isFull;

    internal readonly ReadOnlySpan<Group> Groups => _groups[.._count];

    /// <summary>The length after each group that there was room for.</summary>
    internal readonly ReadOnlySpan<int> Ends => _ends[.._written];

    internal readonly ReadOnlySpan<char> Compact => _compact[.._length];

    /// <summary>A bit for each letter of <see cref="Compact"/>, the first one lowest.</summary>
    internal ulong Letters { get; private set; }

    /// <summary>It begins with a country and check digits.</summary>
    internal readonly bool MayBeIban => _length >= 4 && (Letters & 0b1111) == 0b0011;

    /// <summary>More groups may still make a number of it that nothing but its form tells.</summary>
    internal readonly bool MayGoOn => Letters == 0 || _length < 4 || MayBeIban || NationalForms.MayBegin(Letters, _length);

    internal void Clear()
    {
        (_count, _written, _length, _isFull) = (0, 0, 0, false);
        Letters = 0;
    }

    internal void Add(scoped ReadOnlySpan<char> text, Group group)
    {
        _groups[_count++] = group;
        _isFull |= _length + group.Length > _compact.Length;
        if (_isFull)
        {
            return;
        }

        foreach (var character in text.Slice(group.Start, group.Length))
        {
            Letters |= char.IsAsciiDigit(character) ? 0UL : 1UL << _length;
            _compact[_length++] = char.IsAsciiLetterLower(character) ? (char)(character - ('a' - 'A')) : character;
        }

        _ends[_written++] = _length;
    }
}
