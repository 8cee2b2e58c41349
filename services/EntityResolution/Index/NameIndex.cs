using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>
/// All names of one organization, built once and never changed: exact lookups by normalised name, id and initials, and the parts
/// that <see cref="NameSearch"/> and <see cref="NameCompletion"/> read. A row is one name; an entity has one or several.
/// </summary>
internal sealed class NameIndex
{
    private readonly EntityIds _ids;
    private readonly TextPool _names;
    private readonly string[] _forms;
    private readonly byte[] _longest;
    private readonly KeyTable _byCore;
    private readonly KeyTable _byInitials;
    private readonly KeyTable _byAllInitials;
    private readonly float[] _wordWeights;
    private readonly float[] _rowWeights;

    public NameIndex(WordTable words, TextPool ids, TextPool names, string[] forms, NameRows rows, byte[] longest)
    {
        (Words, _ids, _names, _forms, Rows, _longest) = (words, new EntityIds(ids), names, forms, rows, longest);
        _wordWeights = new float[words.Count];
        for (var word = 0; word < words.Count; word++)
        {
            _wordWeights[word] = CommonWords.Weight(words[word], words.NamesWith(word), rows.Count);
        }

        (_byCore, _byInitials, _byAllInitials, _rowWeights) = (new KeyTable(rows.Count), new KeyTable(rows.Count), new KeyTable(rows.Count), new float[rows.Count]);
        // Later rows come first out of a table: adding backwards keeps the order of the registry.
        for (var row = rows.Count - 1; row >= 0; row--)
        {
            AddRow(row);
        }

        Postings = new Postings(rows.Words, rows.Start, words.Count);
        Typos = new TypoTable(words);
        Whole = new WholeNames(this);
        Phrases = new Phrases(rows, words);
    }

    public WordTable Words { get; }

    public TypoTable Typos { get; }

    public WholeNames Whole { get; }

    public Phrases Phrases { get; }

    public Postings Postings { get; }

    public NameRows Rows { get; }

    /// <summary>Entities.</summary>
    public int Entities => _ids.Count;

    /// <summary>Bytes that the index holds.</summary>
    public long Bytes => Words.Bytes + Typos.Bytes + Whole.Bytes + Phrases.Bytes + Postings.Bytes + Rows.Bytes + _ids.Bytes + _names.Bytes + _longest.Length + _byCore.Bytes + _byInitials.Bytes + _byAllInitials.Bytes + 4L * (_wordWeights.Length + _rowWeights.Length);

    public string IdOf(int entity) => _ids.Of(entity);

    /// <summary>A name as it is written.</summary>
    public string NameOf(int row) => _names.Text(row);

    public int NameLengthOf(int row) => _names.LengthOf(row);

    public string FormOf(int row) => _forms[Rows.FormOf(row)];

    /// <summary>What the word tells, in nats.</summary>
    public float WeightOf(int word) => _wordWeights[word];

    public float WeightOf(ReadOnlySpan<char> word) => Words.Find(word) is var known && known >= 0 ? _wordWeights[known] : CommonWords.Weight(word, 0, Rows.Count);

    public float RowWeightOf(int row) => _rowWeights[row];

    /// <summary>Most words, as written, of a name that begins with the word; 0 when none does.</summary>
    public int LongestFrom(string word) => Words.Find(word) is var known && known >= 0 ? _longest[known] : 0;

    public bool HasWord(string word) => Words.Find(word) is var known && known >= 0 && Words.NamesWith(known) > 0;

    /// <inheritdoc cref="EntityIds.Find"/>
    public int FindId(string id) => _ids.Find(id);

    /// <inheritdoc cref="EntityIds.FindSpoken"/>
    public void FindSpokenId(string key, List<int> entities) => _ids.FindSpoken(key, entities);

    /// <summary>The first row of that core; -1 when there is none.</summary>
    public int FirstExact(ReadOnlySpan<char> core) => SkipToCore(core.Length == 0 ? -1 : _byCore.First(TextHash.Of(core)), core);

    public int NextExact(int row, ReadOnlySpan<char> core) => SkipToCore(_byCore.Next(row), core);

    /// <summary>Rows whose words begin with these letters, minor words as "of" counted or left out.</summary>
    public void FindInitials(ReadOnlySpan<char> letters, List<int> rows, int most)
    {
        var hash = TextHash.Of(letters);
        Span<char> initials = stackalloc char[32];
        foreach (var (table, all) in new[] { (_byInitials, false), (_byAllInitials, true) })
        {
            for (var row = table.First(hash); row >= 0 && rows.Count < most; row = table.Next(row))
            {
                if (initials[..InitialsOf(row, initials, all)].SequenceEqual(letters) && !rows.Contains(row))
                {
                    rows.Add(row);
                }
            }
        }
    }

    /// <summary>The words of a row for a comparison.</summary>
    public void Load(int row, ComparedName into)
    {
        into.Clear();
        var before = -1;
        foreach (var word in Rows.WordsOf(row))
        {
            if (into.Count == ComparedName.MostWords)
            {
                break;
            }

            into.Add(Words[word], _wordWeights[word]);
            into.ShareLast(Repeated(before, word));
            before = word;
        }

        into.End(FormOf(row));
    }

    /// <summary>What two neighbouring words say twice, in nats; a word below 0 is none of the registry's.</summary>
    public float Repeated(int first, int second) => first < 0 || second < 0 ? 0 : Phrases.Repeated(first, second, Words.NamesWith(first), _wordWeights[second]);

    private void AddRow(int row)
    {
        Span<char> core = stackalloc char[256];
        var length = 0;
        var weight = 0f;
        foreach (var word in Rows.WordsOf(row))
        {
            weight += _wordWeights[word];
            var text = Words[word];
            if (length + text.Length + 1 > core.Length)
            {
                core = Longer(core);
            }

            if (length > 0)
            {
                core[length++] = ' ';
            }

            if (length + text.Length > core.Length)
            {
                core = Longer(core, text.Length);
            }

            text.CopyTo(core[length..]);
            length += text.Length;
        }

        _rowWeights[row] = weight;
        if (length == 0)
        {
            return;
        }

        _byCore.Add(row, TextHash.Of(core[..length]));
        Span<char> initials = stackalloc char[32];
        var count = InitialsOf(row, initials, all: false);
        if (count >= 2)
        {
            var hash = TextHash.Of(initials[..count]);
            _byInitials.Add(row, hash);
            var all = TextHash.Of(initials[..InitialsOf(row, initials, all: true)]);
            if (all != hash)
            {
                _byAllInitials.Add(row, all);
            }
        }
    }

    private static Span<char> Longer(Span<char> text, int by = 0)
    {
        var longer = new char[text.Length * 2 + by];
        text.CopyTo(longer);
        return longer;
    }

    private int SkipToCore(int row, ReadOnlySpan<char> core)
    {
        while (row >= 0 && !HasCore(row, core))
        {
            row = _byCore.Next(row);
        }

        return row;
    }

    private bool HasCore(int row, ReadOnlySpan<char> core)
    {
        foreach (var word in Rows.WordsOf(row))
        {
            var text = Words[word];
            if (!core.StartsWith(text) || (core.Length > text.Length && core[text.Length] != ' '))
            {
                return false;
            }

            core = core.Length > text.Length ? core[(text.Length + 1)..] : [];
        }

        return core.Length == 0;
    }

    private int InitialsOf(int row, Span<char> initials, bool all)
    {
        var count = 0;
        foreach (var word in Rows.WordsOf(row))
        {
            if (count < initials.Length && (all || !Initials.IsMinor(Words[word])))
            {
                initials[count++] = Words[word][0];
            }
        }

        return count;
    }
}
