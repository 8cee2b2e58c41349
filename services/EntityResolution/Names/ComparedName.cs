namespace Platform.EntityResolution.Names;

/// <summary>The words of a name with what each of them tells; reused between comparisons.</summary>
internal sealed class ComparedName
{
    /// <summary>Words beyond are left out of comparisons.</summary>
    public const int MostWords = 16;

    /// <summary>In nats: no word tells less because its neighbours say the same.</summary>
    private const float LeastTold = 0.3f;

    /// <summary>Characters beyond are left out when words are written together.</summary>
    public const int LongestTogether = 126;

    private readonly int[] _start = new int[MostWords + 1];
    private int _keyLength;
    private Trigrams _trigrams;
    private char[] _text = new char[128];

    public int Count { get; private set; }

    public float[] Weights { get; } = new float[MostWords];

    /// <summary>The legal form in its usual spelling.</summary>
    public string Form { get; private set; } = "";

    public float TotalWeight { get; private set; }

    public ReadOnlySpan<char> this[int index] => _text.AsSpan(_start[index], _start[index + 1] - _start[index] - 1);

    /// <summary>The words with a space between them.</summary>
    public ReadOnlySpan<char> Text => Count == 0 ? [] : _text.AsSpan(0, _start[Count] - 1);

    /// <summary>The words and the legal form, as it was written where that is known.</summary>
    public ReadOnlySpan<char> Key => _text.AsSpan(0, _keyLength);

    /// <summary>Of <see cref="Key"/>.</summary>
    public ref readonly Trigrams Trigrams => ref _trigrams;

    /// <summary>Neighbouring words, with the spaces between them.</summary>
    public ReadOnlySpan<char> Run(int first, int last) => _text.AsSpan(_start[first], _start[last + 1] - _start[first] - 1);

    /// <summary>Writes the words, and the legal form if it is wanted, without spaces; gives the length.</summary>
    public int WriteTogether(Span<char> into, bool withForm)
    {
        var length = 0;
        foreach (var character in withForm ? Key : Text)
        {
            if (character != ' ' && length < into.Length)
            {
                into[length++] = character;
            }
        }

        return length;
    }

    public void Clear()
    {
        Count = 0;
        TotalWeight = 0;
        _keyLength = 0;
        Form = "";
    }

    /// <summary>Ends the name with its legal form.</summary>
    /// <param name="form">In its usual spelling.</param>
    /// <param name="written">As written, when that differs.</param>
    public void End(string form, ReadOnlySpan<char> written = default)
    {
        Form = form;
        written = written.Length == 0 ? form : written;
        var start = _start[Count];
        Reserve(start + written.Length);
        written.CopyTo(_text.AsSpan(start));
        _keyLength = written.Length == 0 ? Math.Max(0, start - 1) : start + written.Length;
        _trigrams.Read(Key);
    }

    public void Add(ReadOnlySpan<char> word, float weight)
    {
        if (Count == MostWords)
        {
            return;
        }

        var start = _start[Count];
        Reserve(start + word.Length + 1);
        word.CopyTo(_text.AsSpan(start));
        _text[start + word.Length] = ' ';
        Weights[Count++] = weight;
        _start[Count] = start + word.Length + 1;
        TotalWeight += weight;
    }

    /// <summary>Takes what the last two words both say from them, half from each.</summary>
    /// <param name="repeated">In nats.</param>
    public void ShareLast(float repeated)
    {
        if (repeated <= 0 || Count < 2)
        {
            return;
        }

        for (var i = Count - 2; i < Count; i++)
        {
            var less = Math.Min(repeated / 2, Weights[i] - Math.Min(Weights[i], LeastTold));
            Weights[i] -= less;
            TotalWeight -= less;
        }
    }

    private void Reserve(int length)
    {
        if (length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, length));
        }
    }
}
