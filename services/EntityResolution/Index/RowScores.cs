namespace Platform.EntityResolution.Index;

/// <summary>
/// Adds up for each row the words that agree, rarest word first, until no row that is still unseen can win, and weighs the best few
/// thousand by all their words. Holds four bytes for each row; one instance for one thread.
/// </summary>
internal sealed class RowScores
{
    private const int MostRowsRead = 400_000;
    private const int CheapTerm = 3_000;
    private const int MostWeighed = 4_096;

    private readonly Dictionary<int, float> _variants = [];
    private float[] _scores = [];
    private int[] _touched = new int[1024];
    private int _touchedCount;

    /// <summary>The rows of the last call, best first.</summary>
    public List<(float Score, int Row)> Ranked { get; } = [];

    public void Rank(NameIndex index, List<SearchTerm> terms)
    {
        try
        {
            AddUp(index, terms);
            Keep(index);
            Weigh(index, terms);
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Adds each word's rows to the scores, rarest word first.</summary>
    private void AddUp(NameIndex index, List<SearchTerm> terms)
    {
        if (_scores.Length < index.Rows.Count)
        {
            _scores = new float[index.Rows.Count];
        }

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

    /// <summary>Keeps the rows that may win.</summary>
    private void Keep(NameIndex index)
    {
        Ranked.Clear();
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
            if (_scores[row] >= least && Ranked.Count < MostWeighed * 2)
            {
                Ranked.Add((_scores[row], row));
            }
        }
    }

    /// <summary>Counts for the rows that are kept the words that were not added up, too.</summary>
    private void Weigh(NameIndex index, List<SearchTerm> terms)
    {
        _variants.Clear();
        foreach (var term in terms)
        {
            foreach (var (word, likeness) in term.Variants)
            {
                _variants[word] = Math.Max(likeness, _variants.GetValueOrDefault(word));
            }
        }

        for (var i = 0; i < Ranked.Count; i++)
        {
            Ranked[i] = (WeighWords(index, Ranked[i].Row), Ranked[i].Row);
        }

        Ranked.Sort(static (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : a.Row.CompareTo(b.Row));
    }

    private float WeighWords(NameIndex index, int row)
    {
        var (agreed, weight) = (0f, 0f);
        foreach (var word in index.Rows.WordsOf(row))
        {
            var own = index.WeightOf(word);
            agreed += _variants.TryGetValue(word, out var likeness) ? own * likeness : 0;
            weight += own;
        }

        return Preferred(agreed, weight);
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

    private void Forget()
    {
        foreach (var row in _touched.AsSpan(0, _touchedCount))
        {
            _scores[row] = 0;
        }

        _touchedCount = 0;
    }
}
