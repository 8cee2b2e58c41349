namespace Platform.EntityResolution.Names;

/// <summary>The words of a name with what each of them tells; reused between comparisons.</summary>
internal sealed class ComparedName
{
    /// <summary>Words beyond are left out of comparisons.</summary>
    public const int MostWords = 16;

    private readonly int[] _start = new int[MostWords + 1];
    private char[] _text = new char[128];

    public int Count { get; private set; }

    public float[] Weights { get; } = new float[MostWords];

    /// <summary>The legal form in its usual spelling.</summary>
    public string Form { get; set; } = "";

    public float TotalWeight { get; private set; }

    public ReadOnlySpan<char> this[int index] => _text.AsSpan(_start[index], _start[index + 1] - _start[index] - 1);

    /// <summary>The words with a space between them.</summary>
    public ReadOnlySpan<char> Text => Count == 0 ? [] : _text.AsSpan(0, _start[Count] - 1);

    /// <summary>Neighbouring words, with the spaces between them.</summary>
    public ReadOnlySpan<char> Run(int first, int last) => _text.AsSpan(_start[first], _start[last + 1] - _start[first] - 1);

    public void Clear()
    {
        Count = 0;
        TotalWeight = 0;
        Form = "";
    }

    public void Add(ReadOnlySpan<char> word, float weight)
    {
        if (Count == MostWords)
        {
            return;
        }

        var start = _start[Count];
        if (start + word.Length + 1 > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, start + word.Length + 1));
        }

        word.CopyTo(_text.AsSpan(start));
        _text[start + word.Length] = ' ';
        Weights[Count++] = weight;
        _start[Count] = start + word.Length + 1;
        TotalWeight += weight;
    }
}
