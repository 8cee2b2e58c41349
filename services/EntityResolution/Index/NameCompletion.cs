using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>How a name completes what was typed, best first.</summary>
internal enum CompletionKind
{
    Same,
    NameBegins,
    WordBegins,
    Inside,
    Alike,
}

/// <summary>A row that completes what was typed.</summary>
internal readonly record struct Completion(CompletionKind Kind, int NameLength, int Row) : IComparable<Completion>
{
    public int CompareTo(Completion other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : NameLength != other.NameLength ? NameLength.CompareTo(other.NameLength) : Row.CompareTo(other.Row);
}

/// <summary>
/// Completes a name as it is typed: names that begin so, names with words that begin so, words that hold it, then the same with
/// one slip. Short names come before long ones.
/// </summary>
internal sealed class NameCompletion
{
    private const int MostRowsRead = 300_000;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private readonly NameIndex _index;
    private readonly NameWords _typed = new();
    private readonly TypedName _fit;
    private readonly int _limit;
    private readonly SortedSet<Completion> _best = [];
    private readonly Dictionary<int, CompletionKind> _seen = [];
    private int _read;

    private NameCompletion(NameIndex index, string typed, int limit)
    {
        (_index, _limit) = (index, limit);
        _typed.Read(typed);
        _fit = new TypedName(index, _typed);
    }

    /// <summary>The best completions, each entity once.</summary>
    public static List<Completion> Find(NameIndex index, string typed, int limit)
    {
        // More than asked for, because other names of one entity fall together.
        var completion = new NameCompletion(index, typed, limit + 4);
        return completion._typed.Count == 0 ? [] : completion.Find();
    }

    private List<Completion> Find()
    {
        var last = _typed[_typed.Count - 1];
        AddExact();
        AddWordsBeginning(last, CompletionKind.WordBegins);
        if (_best.Count < _limit && last.Length >= 3)
        {
            var holding = new List<int>();
            _index.Words.Holding(last, holding, most: 500);
            foreach (var word in holding)
            {
                AddRows(word, CompletionKind.Inside);
            }
        }

        if (_best.Count < _limit && last.Length is >= 4 and <= 12)
        {
            AddOneSlip(last);
        }

        if (_best.Count < _limit)
        {
            foreach (var match in NameSearch.Find(_index, _typed.Core, _limit))
            {
                if (match.Evidence.Asked >= 0.5f)
                {
                    Add(match.Row, CompletionKind.Alike);
                }
            }
        }

        return [.. _best.DistinctBy(c => _index.Rows.EntityOf(c.Row))];
    }

    private void AddExact()
    {
        for (var row = _index.FirstExact(_typed.Core); row >= 0 && _seen.Count < _limit; row = _index.NextExact(row, _typed.Core))
        {
            Add(row, CompletionKind.Same);
        }
    }

    private void AddWordsBeginning(ReadOnlySpan<char> prefix, CompletionKind kind)
    {
        if (_typed.Count > 1 && _fit.Rarest() is var rarest && rarest >= 0)
        {
            // The rarest complete word tells most; the others are checked for each of its names.
            var reader = _index.Postings.Read(rarest);
            while (reader.Next() && _read++ < MostRowsRead)
            {
                if (_fit.HoldsCompleteWords(reader.Row) && _fit.HoldsBeginning(reader.Row, prefix))
                {
                    AddBeginning(reader.Row, kind);
                }
            }

            return;
        }

        var (first, end) = _index.Words.Beginning(prefix);
        for (var place = first; place < end && _read < MostRowsRead; place++)
        {
            AddRows(_index.Words.AtPlace(place), kind);
        }
    }

    private void AddRows(int word, CompletionKind kind)
    {
        var reader = _index.Postings.Read(word);
        while (reader.Next() && _read++ < MostRowsRead)
        {
            if (_typed.Count == 1 || _fit.HoldsCompleteWords(reader.Row))
            {
                AddBeginning(reader.Row, kind);
            }
        }
    }

    private void AddBeginning(int row, CompletionKind kind) =>
        Add(row, kind == CompletionKind.WordBegins && _fit.BeginsWithTyped(row) ? CompletionKind.NameBegins : kind);

    private void AddOneSlip(ReadOnlySpan<char> typed)
    {
        if (_typed.Count > 1 && _fit.Rarest() is var rarest && rarest >= 0)
        {
            var reader = _index.Postings.Read(rarest);
            while (reader.Next() && _read++ < MostRowsRead)
            {
                if (_fit.HoldsCompleteWords(reader.Row) && _fit.HoldsNearlyBeginning(reader.Row, typed))
                {
                    Add(reader.Row, CompletionKind.Alike);
                }
            }

            return;
        }

        Span<char> other = stackalloc char[16];
        for (var i = 1; i <= typed.Length && _best.Count < _limit; i++)
        {
            typed.CopyTo(other);
            if (i < typed.Length)
            {
                // Swapped, left out, another letter.
                (other[i - 1], other[i]) = (other[i], other[i - 1]);
                AddWordsBeginning(other[..typed.Length], CompletionKind.Alike);
                typed.CopyTo(other);
                typed[(i + 1)..].CopyTo(other[i..]);
                AddWordsBeginning(other[..(typed.Length - 1)], CompletionKind.Alike);
                typed.CopyTo(other);
                foreach (var letter in Alphabet)
                {
                    other[i] = letter;
                    AddWordsBeginning(other[..typed.Length], CompletionKind.Alike);
                }
            }

            typed.CopyTo(other);
            typed[i..].CopyTo(other[(i + 1)..]);
            foreach (var letter in Alphabet)
            {
                other[i] = letter;
                AddWordsBeginning(other[..(typed.Length + 1)], CompletionKind.Alike);
            }
        }
    }

    private void Add(int row, CompletionKind kind)
    {
        var completion = new Completion(kind, _index.NameLengthOf(row), row);
        if (_best.Count >= _limit && completion.CompareTo(_best.Max) > 0)
        {
            return;
        }

        if (_seen.TryGetValue(row, out var known))
        {
            if (known <= kind)
            {
                return;
            }

            _best.Remove(completion with { Kind = known });
        }

        _seen[row] = kind;
        _best.Add(completion);
        if (_best.Count > _limit)
        {
            _best.Remove(_best.Max);
        }
    }
}
