using System.Collections.Concurrent;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Finds the names most like a text. Words are corrected one by one, their rows added up from the rarest word on until no row
/// that is still unseen can win, and the best few compared whole. Holds the room that this takes; rented for one lookup.
/// </summary>
internal sealed class NameSearch
{
    private const int MostRowsRead = 400_000;
    private const int CheapTerm = 3_000;
    private const int MostWeighed = 4_096;
    private const int MostCompared = 28;

    private static readonly ConcurrentBag<NameSearch> Pool = [];

    private readonly NameWords _words = new();
    private readonly SearchTerms _terms = new();
    private readonly NameComparison _comparison = new();
    private readonly ComparedName _asked = new();
    private readonly ComparedName _named = new();
    private readonly List<(float Score, int Row)> _weighed = [];
    private readonly List<int> _initials = [];
    private readonly List<NameMatch> _matches = [];
    private readonly Dictionary<int, (int Term, float Likeness)> _variants = [];
    private float[] _scores = [];
    private int[] _touched = new int[1024];
    private int _touchedCount;

    /// <summary>The names most like the text, likeliest first, at most <paramref name="limit"/>.</summary>
    public static List<NameMatch> Find(NameIndex index, ReadOnlySpan<char> text, int limit)
    {
        var search = Rent();
        search._words.Read(text);
        return search.FindAndReturn(index, limit);
    }

    /// <inheritdoc cref="Find(NameIndex, ReadOnlySpan{char}, int)"/>
    public static List<NameMatch> Find(NameIndex index, ReadOnlySpan<string> words, int limit)
    {
        var search = Rent();
        search._words.Read(words);
        return search.FindAndReturn(index, limit);
    }

    /// <summary>What agreed and what was forgiven, for one match.</summary>
    public static IReadOnlyList<string> Explain(NameIndex index, ReadOnlySpan<char> text, in NameMatch match)
    {
        var search = Rent();
        search._words.Read(text);
        return search.ExplainAndReturn(index, match);
    }

    /// <inheritdoc cref="Explain(NameIndex, ReadOnlySpan{char}, in NameMatch)"/>
    public static IReadOnlyList<string> Explain(NameIndex index, ReadOnlySpan<string> words, in NameMatch match)
    {
        var search = Rent();
        search._words.Read(words);
        return search.ExplainAndReturn(index, match);
    }

    private static NameSearch Rent() => Pool.TryTake(out var search) ? search : new NameSearch();

    private List<NameMatch> FindAndReturn(NameIndex index, int limit)
    {
        try
        {
            Collect(index);
            var found = new List<NameMatch>(Math.Min(limit, _matches.Count));
            foreach (var match in _matches)
            {
                if (found.Count < limit && !Holds(found, match.Entity))
                {
                    found.Add(match);
                }
            }

            return found;
        }
        finally
        {
            Forget();
            Pool.Add(this);
        }
    }

    private IReadOnlyList<string> ExplainAndReturn(NameIndex index, in NameMatch match)
    {
        try
        {
            _terms.Read(index, _words, _asked);
            index.Load(match.Row, _named);
            var evidence = _comparison.Compare(_asked, _named);
            return MatchExplanation.Of(_asked, _named, _comparison, evidence, match.Kind);
        }
        finally
        {
            Pool.Add(this);
        }
    }

    private void Collect(NameIndex index)
    {
        _matches.Clear();
        if (_words.Count == 0)
        {
            return;
        }

        _terms.Read(index, _words, _asked);
        AddUp(index);
        Weigh(index);
        Compare(index);
        MakeProbable();
    }

    /// <summary>Adds each word's rows to the scores, rarest word first.</summary>
    private void AddUp(NameIndex index)
    {
        if (_scores.Length < index.Rows.Count)
        {
            _scores = new float[index.Rows.Count];
        }

        var terms = _terms.Terms;
        var remaining = 0f;
        foreach (var term in terms)
        {
            remaining += term.Most;
        }

        var (best, read) = (0f, 0L);
        foreach (var term in terms)
        {
            // A row not seen yet can gain no more than what remains.
            if (term.Cost > CheapTerm && _touchedCount > 0 && (remaining < 0.75f * best || read + term.Cost > MostRowsRead))
            {
                continue;
            }

            remaining -= term.Most;
            foreach (var (word, likeness) in term.Variants)
            {
                var gain = index.WeightOf(word) * likeness;
                var reader = index.Postings.Read(word);
                while (reader.Next() && read++ < MostRowsRead)
                {
                    ref var score = ref _scores[reader.Row];
                    if (score == 0)
                    {
                        Touch(reader.Row);
                    }

                    score += gain;
                    best = Math.Max(best, score);
                }
            }
        }
    }

    private void Touch(int row)
    {
        if (_touchedCount == _touched.Length)
        {
            Array.Resize(ref _touched, _touched.Length * 2);
        }

        _touched[_touchedCount++] = row;
    }

    /// <summary>Keeps the rows that may win, and counts the words for them that were not added up.</summary>
    private void Weigh(NameIndex index)
    {
        _weighed.Clear();
        var best = float.MinValue;
        foreach (var row in _touched.AsSpan(0, _touchedCount))
        {
            var score = Preferred(_scores[row], index.RowWeightOf(row));
            best = Math.Max(best, score);
            _scores[row] = score;
        }

        var least = LeastKept(best);
        foreach (var row in _touched.AsSpan(0, _touchedCount))
        {
            if (_scores[row] >= least && _weighed.Count < MostWeighed * 2)
            {
                _weighed.Add((_scores[row], row));
            }
        }

        NoteVariants();
        for (var i = 0; i < _weighed.Count; i++)
        {
            _weighed[i] = (WeighWords(index, _weighed[i].Row), _weighed[i].Row);
        }

        _weighed.Sort(static (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : a.Row.CompareTo(b.Row));
    }

    /// <summary>What was not asked for counts a little against a name.</summary>
    private static float Preferred(float agreed, float rowWeight) => agreed - 0.2f * Math.Max(0, rowWeight - agreed);

    /// <summary>The score that not many more than <see cref="MostWeighed"/> rows reach.</summary>
    private float LeastKept(float best)
    {
        if (_touchedCount <= MostWeighed)
        {
            return float.MinValue;
        }

        const int Steps = 256;
        const float Width = 0.25f;
        Span<int> rows = stackalloc int[Steps];
        foreach (var row in _touched.AsSpan(0, _touchedCount))
        {
            rows[Math.Clamp((int)((best - _scores[row]) / Width), 0, Steps - 1)]++;
        }

        var (step, sum) = (0, rows[0]);
        while (step < Steps - 1 && sum + rows[step + 1] <= MostWeighed)
        {
            sum += rows[++step];
        }

        return best - (step + 1) * Width;
    }

    private void NoteVariants()
    {
        _variants.Clear();
        var number = 0;
        foreach (var term in _terms.Terms)
        {
            foreach (var (word, likeness) in term.Variants)
            {
                if (!_variants.TryGetValue(word, out var known) || known.Likeness < likeness)
                {
                    _variants[word] = (number, likeness);
                }
            }

            number++;
        }
    }

    private float WeighWords(NameIndex index, int row)
    {
        var agreed = 0f;
        var weight = 0f;
        foreach (var word in index.Rows.WordsOf(row))
        {
            if (_variants.TryGetValue(word, out var variant))
            {
                agreed += index.WeightOf(word) * variant.Likeness;
            }

            weight += index.WeightOf(word);
        }

        return Preferred(agreed, weight);
    }

    private void Compare(NameIndex index)
    {
        var core = _words.Core;
        for (var row = index.FirstExact(core); row >= 0; row = index.NextExact(row, core))
        {
            AddExact(index, row);
            if (_matches.Count >= MostCompared)
            {
                break;
            }
        }

        var exact = _matches.Count;
        foreach (var (_, row) in _weighed)
        {
            if (_matches.Count >= MostCompared + exact)
            {
                break;
            }

            if (!HoldsRow(row, exact))
            {
                AddAlike(index, row, MatchKind.Fuzzy);
            }
        }

        AddInitials(index);
    }

    private void AddExact(NameIndex index, int row)
    {
        var form = index.FormOf(row);
        var odds = form == _asked.Form ? MatchModel.SameKey : form.Length == 0 || _asked.Form.Length == 0 ? MatchModel.SameCore : MatchModel.OtherForm;
        var evidence = new Evidence
        {
            Asked = 1,
            Named = 1,
            Agreed = index.RowWeightOf(row),
            FirstAgrees = true,
            Letters = 1,
            FormDiffers = form.Length == 0 || _asked.Form.Length == 0 ? 0 : form == _asked.Form ? -1 : 1,
        };
        _matches.Add(new NameMatch(index.Rows.EntityOf(row), row, MatchKind.Exact, odds, 0, evidence));
    }

    private void AddAlike(NameIndex index, int row, MatchKind kind)
    {
        index.Load(row, _named);
        var evidence = _comparison.Compare(_asked, _named);
        var odds = kind == MatchKind.Acronym ? MatchModel.Acronym(_asked.Text.Length) : MatchModel.LogOdds(evidence);
        _matches.Add(new NameMatch(index.Rows.EntityOf(row), row, kind, odds, 0, evidence));
    }

    /// <summary>Names that a short lone word gives the initials of.</summary>
    private void AddInitials(NameIndex index)
    {
        if (_words.Count != 1 || _words[0].Length is < 2 or > 7)
        {
            return;
        }

        _initials.Clear();
        index.FindInitials(_words[0], _initials, most: 20);
        foreach (var row in _initials)
        {
            if (!HoldsRow(row, _matches.Count))
            {
                AddAlike(index, row, MatchKind.Acronym);
            }
        }
    }

    /// <summary>One of those found is meant, or none: each name's odds against all the others'.</summary>
    private void MakeProbable()
    {
        _matches.Sort(static (a, b) => b.LogOdds.CompareTo(a.LogOdds) is var order && order != 0 ? order : a.Row.CompareTo(b.Row));
        var all = 1.0;
        for (var i = 0; i < _matches.Count; i++)
        {
            if (!HoldsEntity(i))
            {
                all += Math.Exp(_matches[i].LogOdds);
            }
        }

        for (var i = 0; i < _matches.Count; i++)
        {
            _matches[i] = _matches[i] with { Probability = (float)(Math.Exp(_matches[i].LogOdds) / all) };
        }
    }

    private bool HoldsEntity(int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (_matches[i].Entity == _matches[before].Entity)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(List<NameMatch> found, int entity)
    {
        foreach (var match in found)
        {
            if (match.Entity == entity)
            {
                return true;
            }
        }

        return false;
    }

    private bool HoldsRow(int row, int among)
    {
        for (var i = 0; i < among; i++)
        {
            if (_matches[i].Row == row)
            {
                return true;
            }
        }

        return false;
    }

    private void Forget()
    {
        foreach (var row in _touched.AsSpan(0, _touchedCount))
        {
            _scores[row] = 0;
        }

        _touchedCount = 0;
    }
}
