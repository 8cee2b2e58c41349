using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Takes names one by one, as a database streams them, and makes an index of them. For one thread.</summary>
internal sealed class NameIndexBuilder
{
    private readonly WordTable _words = new();
    private readonly TextPool _ids = new();
    private readonly TextPool _names = new();
    private readonly NameWords _reading = new();
    private readonly Dictionary<string, ushort> _forms = new(StringComparer.Ordinal) { [""] = 0 };
    private int[] _rowWords = new int[1024];
    private int[] _rowStart = new int[256];
    private ushort[] _rowForm = new ushort[256];
    private int[] _rowEntity = new int[256];
    private byte[] _longest = new byte[256];
    private int _rows;

    /// <summary>Entities so far.</summary>
    public int Entities => _ids.Count;

    /// <summary>Adds an entity with its name and gives its number.</summary>
    public int Add(string id, string name)
    {
        _ids.Add(id);
        AddRow(_ids.Count - 1, name);
        return _ids.Count - 1;
    }

    /// <summary>Adds another name of an entity.</summary>
    public void AddAlias(int entity, string alias) => AddRow(entity, alias);

    /// <summary>Makes the index; the builder is of no use afterwards.</summary>
    public NameIndex Build()
    {
        _words.Freeze();
        _ids.Trim();
        _names.Trim();
        Array.Resize(ref _rowWords, _rowStart[_rows]);
        Array.Resize(ref _rowStart, _rows + 1);
        Array.Resize(ref _rowForm, _rows);
        Array.Resize(ref _rowEntity, _rows);
        Array.Resize(ref _longest, _words.Count);
        return new NameIndex(_words, _ids, _names, [.. _forms.OrderBy(f => f.Value).Select(f => f.Key)], new NameRows(_rowWords, _rowStart, _rowForm, _rowEntity), _longest);
    }

    private void AddRow(int entity, string name)
    {
        _names.Add(name);
        _reading.Read(name);
        if (_rows + 2 > _rowStart.Length)
        {
            var length = _rowStart.Length * 2;
            Array.Resize(ref _rowStart, length);
            Array.Resize(ref _rowForm, length);
            Array.Resize(ref _rowEntity, length);
        }

        var at = _rowStart[_rows];
        if (at + _reading.Count > _rowWords.Length)
        {
            Array.Resize(ref _rowWords, Math.Max(_rowWords.Length * 2, at + _reading.Count));
        }

        for (var i = 0; i < _reading.Count; i++)
        {
            var word = _words.FindOrAdd(_reading[i]);
            if (_rowWords.AsSpan(_rowStart[_rows]..at).IndexOf(word) < 0)
            {
                _words.CountName(word);
            }

            _rowWords[at++] = word;
        }

        NoteStart();
        _rowForm[_rows] = FormNumber(_reading.FormText());
        _rowEntity[_rows] = entity;
        _rowStart[++_rows] = at;
    }

    private void NoteStart()
    {
        if (_reading.Count == 0)
        {
            return;
        }

        Note(_rowWords[_rowStart[_rows]]);
        if (!_reading[0].SequenceEqual(_reading.FirstWritten))
        {
            Note(_words.FindOrAdd(_reading.FirstWritten));
        }

        if (_reading.WrittenCount > _reading.Count && _reading[0].Length is > 1 and <= 4)
        {
            // "J. B. Hunt" begins with "j" where words are read one by one.
            Note(_words.FindOrAdd(_reading[0][..1]));
        }
    }

    private void Note(int word)
    {
        if (word >= _longest.Length)
        {
            Array.Resize(ref _longest, Math.Max(_longest.Length * 2, word + 1));
        }

        _longest[word] = (byte)Math.Min(byte.MaxValue, Math.Max(_longest[word], _reading.WrittenCount));
    }

    private ushort FormNumber(string form)
    {
        if (!_forms.TryGetValue(form, out var number))
        {
            // Names with forms beyond all measure share the empty one; their words are compared all the same.
            number = _forms.Count <= ushort.MaxValue ? (ushort)_forms.Count : (ushort)0;
            _forms.TryAdd(form, number);
        }

        return number;
    }
}
