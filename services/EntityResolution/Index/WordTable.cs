namespace Platform.EntityResolution.Index;

/// <summary>The distinct words of a registry, numbered, with how many names hold each.</summary>
internal sealed class WordTable
{
    private char[] _text = new char[4096];
    private int[] _start = new int[256];
    private int[] _names = new int[256];
    private int[] _slots = new int[512];
    private int[]? _sorted;

    public int Count { get; private set; }

    public long Bytes => 2L * _text.Length + 4L * (_start.Length + _names.Length + _slots.Length + (_sorted?.Length ?? 0));

    public ReadOnlySpan<char> this[int word] => _text.AsSpan(_start[word].._start[word + 1]);

    /// <summary>Names that hold the word.</summary>
    public int NamesWith(int word) => _names[word];

    public int Find(ReadOnlySpan<char> text)
    {
        for (var slot = TextHash.Of(text); ; slot++)
        {
            var word = _slots[slot & (uint)(_slots.Length - 1)] - 1;
            if (word < 0 || this[word].SequenceEqual(text))
            {
                return word;
            }
        }
    }

    public int FindOrAdd(ReadOnlySpan<char> text)
    {
        var slot = TextHash.Of(text);
        for (; ; slot++)
        {
            var word = _slots[slot & (uint)(_slots.Length - 1)] - 1;
            if (word < 0)
            {
                break;
            }

            if (this[word].SequenceEqual(text))
            {
                return word;
            }
        }

        return Add(text, slot);
    }

    public void CountName(int word) => _names[word]++;

    /// <summary>Ends the building: gives back what is not needed and sorts the words.</summary>
    public void Freeze()
    {
        Array.Resize(ref _text, Count == 0 ? 0 : _start[Count]);
        Array.Resize(ref _start, Count + 1);
        Array.Resize(ref _names, Count);
        _sorted = new int[Count];
        var keys = new ulong[Count];
        for (var word = 0; word < Count; word++)
        {
            _sorted[word] = word;
            keys[word] = Prefix(this[word]);
        }

        Array.Sort(keys, _sorted);
        for (var first = 0; first < Count;)
        {
            var end = first + 1;
            while (end < Count && keys[end] == keys[first])
            {
                end++;
            }

            if (end - first > 1)
            {
                _sorted.AsSpan(first..end).Sort((a, b) => this[a].SequenceCompareTo(this[b]));
            }

            first = end;
        }
    }

    /// <summary>Words that begin with the prefix, as a range of places for <see cref="AtPlace"/>.</summary>
    public (int First, int End) Beginning(ReadOnlySpan<char> prefix) => (Place(prefix, after: false), Place(prefix, after: true));

    public int AtPlace(int place) => _sorted![place];

    /// <summary>Words that hold the characters anywhere, at most so many.</summary>
    public void Holding(ReadOnlySpan<char> characters, List<int> found, int most)
    {
        var at = 0;
        while (found.Count < most && _text.AsSpan(at).IndexOf(characters) is var offset && offset >= 0)
        {
            at += offset;
            var place = Array.BinarySearch(_start, at);
            var word = place >= 0 ? place : ~place - 1;
            if (at + characters.Length <= _start[word + 1])
            {
                found.Add(word);
                at = _start[word + 1];
            }
            else
            {
                at++;
            }
        }
    }

    private int Place(ReadOnlySpan<char> prefix, bool after)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var word = this[_sorted![middle]];
            var order = (after && word.Length > prefix.Length ? word[..prefix.Length] : word).SequenceCompareTo(prefix);
            if (order < 0 || (after && order == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private int Add(ReadOnlySpan<char> text, uint slot)
    {
        if (Count + 2 > _start.Length)
        {
            Array.Resize(ref _start, _start.Length * 2);
            Array.Resize(ref _names, _start.Length);
        }

        var start = _start[Count];
        if (start + text.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, start + text.Length));
        }

        text.CopyTo(_text.AsSpan(start));
        _start[Count + 1] = start + text.Length;
        _slots[slot & (uint)(_slots.Length - 1)] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var word = 0; word < Count; word++)
        {
            var slot = TextHash.Of(this[word]);
            while (_slots[slot & (uint)(_slots.Length - 1)] != 0)
            {
                slot++;
            }

            _slots[slot & (uint)(_slots.Length - 1)] = word + 1;
        }
    }

    /// <summary>The first four characters as a number in their order.</summary>
    private static ulong Prefix(ReadOnlySpan<char> text)
    {
        ulong key = 0;
        for (var i = 0; i < 4; i++)
        {
            key = (key << 16) | (i < text.Length ? text[i] : 0u);
        }

        return key;
    }
}
