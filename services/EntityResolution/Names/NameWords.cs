namespace Platform.EntityResolution.Names;

/// <summary>
/// The words of one name with its legal form set aside, in buffers that are reused: reading a name of a large registry
/// allocates nothing. Not for use by two threads at once.
/// </summary>
internal sealed class NameWords
{
    private const int MostForms = 6;

    [ThreadStatic]
    private static NameWords? _ofThread;

    private readonly WordBuffer _word = new();
    private readonly string[] _forms = new string[MostForms];
    private char[] _text = new char[128];
    private int[] _start = new int[16];
    private int[] _end = new int[16];
    private int _all;
    private int _firstWritten;
    private int _first;
    private int _length;
    private int _formCount;
    private bool _lastWasLetter;

    /// <summary>Words of the core.</summary>
    public int Count { get; private set; }

    /// <summary>Words as written, legal forms and single letters included.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>The first word as written.</summary>
    public ReadOnlySpan<char> FirstWritten => _text.AsSpan(0, _firstWritten);

    /// <summary>A word of the core.</summary>
    public ReadOnlySpan<char> this[int index] => _text.AsSpan(_start[_first + index].._end[_first + index]);

    /// <summary>The core, one space between words.</summary>
    public ReadOnlySpan<char> Core => Count == 0 ? [] : _text.AsSpan(_start[_first].._end[_first + Count - 1]);

    /// <summary>Legal forms in their usual spelling, in the order of the name.</summary>
    public ReadOnlySpan<string> Forms => _forms.AsSpan(MostForms - _formCount);

    /// <summary>One for each thread, for use within one method that calls no other user of it.</summary>
    public static NameWords Rented() => _ofThread ??= new NameWords();

    public void Read(ReadOnlySpan<char> name)
    {
        Clear();
        var scanner = new WordScanner(RegisterMarks.TrimEnd(name), _word);
        while (scanner.Next())
        {
            Add(scanner.Word);
        }

        SetFormsAside();
    }

    /// <summary>Reads words that were folded before.</summary>
    public void Read(ReadOnlySpan<string> words)
    {
        Clear();
        foreach (var word in words)
        {
            Add(word);
        }

        SetFormsAside();
    }

    public NormalizedName ToNormalizedName()
    {
        var words = new string[Count];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = this[i].ToString();
        }

        var core = Core.ToString();
        var form = FormText();
        return new NormalizedName(form.Length == 0 ? core : $"{core} {form}", core, words, form);
    }

    /// <summary>Whether the legal form is the one of that text.</summary>
    public bool HasForm(string form) => _formCount switch
    {
        0 => form.Length == 0,
        1 => _forms[^1] == form,
        _ => FormText() == form,
    };

    public string FormText() => _formCount switch
    {
        0 => "",
        1 => _forms[^1],
        _ => string.Join(' ', Forms!),
    };

    private void Clear()
    {
        (_all, _first, _length, _formCount, Count, WrittenCount, _firstWritten, _lastWasLetter) = (0, 0, 0, 0, 0, 0, 0, false);
    }

    private void Add(ReadOnlySpan<char> word)
    {
        if (Abbreviations.TryWriteOut(word) is { } full)
        {
            word = full;
        }

        WrittenCount++;
        // "J. B. Hunt" and "JB Hunt" are written by the same hand.
        var letter = word.Length == 1 && char.IsLetter(word[0]);
        if (letter && _lastWasLetter)
        {
            Append(word);
            _end[_all - 1] = _length;
            return;
        }

        _lastWasLetter = letter;
        if (LegalForms.EndsUnspaced(word, out var cut))
        {
            AddWord(word[..cut]);
            AddWord(word[cut..]);
        }
        else
        {
            AddWord(word);
        }
    }

    private void AddWord(ReadOnlySpan<char> word)
    {
        if (_all > 0)
        {
            Append(" ");
        }

        if (_all == _start.Length)
        {
            Array.Resize(ref _start, _all * 2);
            Array.Resize(ref _end, _all * 2);
        }

        _start[_all] = _length;
        Append(word);
        _end[_all++] = _length;
        _firstWritten = _all == 1 ? _length : _firstWritten;
    }

    private void Append(ReadOnlySpan<char> characters)
    {
        if (_length + characters.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + characters.Length));
        }

        characters.CopyTo(_text.AsSpan(_length));
        _length += characters.Length;
    }

    private ReadOnlySpan<char> Phrase(int first, int end) => _text.AsSpan(_start[first].._end[end - 1]);

    private void SetFormsAside()
    {
        var end = _all;
        if (end > 1 && Phrase(0, 1) is "the")
        {
            _first = 1;
        }

        while (end - _first > 1 && _formCount < MostForms)
        {
            var last = Phrase(end - 1, end);
            if (last is "the" || (_formCount > 0 && last is "and"))
            {
                end--;
            }
            else if (FormAtEnd(end, out var form, out var words))
            {
                _forms[MostForms - ++_formCount] = form;
                end -= words;
            }
            else
            {
                break;
            }
        }

        for (var words = Math.Min(LegalForms.MostWords, end - _first - 1); words > 0 && _formCount < MostForms; words--)
        {
            if (LegalForms.AtStart(Phrase(_first, _first + words)) is { } leading)
            {
                _first += words;
                _forms[MostForms - ++_formCount] = leading;
                break;
            }
        }

        Count = end - _first;
    }

    private bool FormAtEnd(int end, out string form, out int words)
    {
        for (words = LegalForms.CanEnd(Phrase(end - 1, end)) ? Math.Min(LegalForms.MostWords, end - _first - 1) : 0; words > 0; words--)
        {
            if (LegalForms.Canonical(Phrase(end - words, end)) is { } found)
            {
                form = found;
                return true;
            }
        }

        form = "";
        return false;
    }
}
