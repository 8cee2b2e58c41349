using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Finds, for each asked word, the words of the registry that may be meant by it. One instance for one thread.</summary>
internal sealed class SearchTerms
{
    private const int MostVariants = 48;
    private readonly List<SearchTerm> _pool = [];
    private readonly List<int> _near = [];
    private int _used;

    /// <summary>Terms of the last question; those that nothing can be meant by are left out.</summary>
    public List<SearchTerm> Terms { get; } = [];

    /// <summary>Reads the words into terms, and into <paramref name="asked"/> with what each tells.</summary>
    public void Read(NameIndex index, NameWords words, ComparedName asked)
    {
        _used = 0;
        Terms.Clear();
        asked.Clear();
        asked.Form = words.FormText();
        for (var i = 0; i < Math.Min(words.Count, ComparedName.MostWords); i++)
        {
            var word = words[i];
            var term = Take();
            AddVariants(index, word, term);
            asked.Add(word, WeightOf(index, word, term));
            Keep(term);
            if (i > 0 && words[i - 1].Length + word.Length <= 40)
            {
                AddJoined(index, words[i - 1], word);
            }

            if (word.Length >= 6 && !IsKnown(index, word))
            {
                AddSplit(index, word);
            }
        }

        Terms.Sort(static (a, b) => b.Most.CompareTo(a.Most));
    }

    private static bool IsKnown(NameIndex index, ReadOnlySpan<char> word) => index.Words.Find(word) is var known && known >= 0 && index.Words.NamesWith(known) > 0;

    /// <summary>A misspelt common word is as common as the word that is meant.</summary>
    private static float WeightOf(NameIndex index, ReadOnlySpan<char> word, SearchTerm term)
    {
        var own = index.WeightOf(word);
        if (IsKnown(index, word))
        {
            return own;
        }

        var least = own;
        foreach (var (variant, likeness) in term.Variants)
        {
            least = Math.Min(least, likeness * index.WeightOf(variant) + (1 - likeness) * own);
        }

        return least;
    }

    private void AddVariants(NameIndex index, ReadOnlySpan<char> word, SearchTerm term)
    {
        Add(index, word, 1, term);
        foreach (var kin in WordKinship.Of(word))
        {
            Add(index, kin, WordLikeness.Kin, term);
        }

        AddPlural(index, word, term);
        _near.Clear();
        var known = term.Variants.Count > 0;
        index.Typos.Find(word, word.Length <= 4 || known && word.Length <= 5 ? Math.Min(1, WordLikeness.AllowedEdits(word.Length)) : 2, _near);
        AddNear(index, word, term);
        if (!known && word.Length >= 4)
        {
            AddLonger(index, word, term);
        }
    }

    private void AddNear(NameIndex index, ReadOnlySpan<char> word, SearchTerm term)
    {
        foreach (var near in _near)
        {
            if (index.Words.NamesWith(near) > 0 && WordLikeness.Typo(word, index.Words[near]) is var likeness && likeness > 0.3f)
            {
                term.Add(index, near, likeness);
            }
        }

        if (term.Variants.Count > MostVariants)
        {
            term.Variants.Sort(static (a, b) => b.Likeness.CompareTo(a.Likeness));
            term.Variants.RemoveRange(MostVariants, term.Variants.Count - MostVariants);
        }
    }

    private static void AddPlural(NameIndex index, ReadOnlySpan<char> word, SearchTerm term)
    {
        Span<char> other = stackalloc char[48];
        if (word.Length is < 3 or > 46)
        {
            return;
        }

        if (word[^1] == 's')
        {
            Add(index, word[..^1], WordLikeness.Kin, term);
        }
        else
        {
            word.CopyTo(other);
            other[word.Length] = 's';
            Add(index, other[..(word.Length + 1)], WordLikeness.Kin, term);
        }
    }

    /// <summary>Words that the asked one is the beginning of, when there are few.</summary>
    private static void AddLonger(NameIndex index, ReadOnlySpan<char> word, SearchTerm term)
    {
        var (first, end) = index.Words.Beginning(word);
        for (var place = first; place < Math.Min(end, first + 16); place++)
        {
            var longer = index.Words.AtPlace(place);
            term.Add(index, longer, WordLikeness.Between(word, index.Words[longer]));
        }
    }

    private void AddJoined(NameIndex index, ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        Span<char> joined = stackalloc char[40];
        left.CopyTo(joined);
        right.CopyTo(joined[left.Length..]);
        joined = joined[..(left.Length + right.Length)];
        var term = Take();
        Add(index, joined, 0.99f, term);
        if (joined.Length >= 5)
        {
            _near.Clear();
            index.Typos.Find(joined, 1, _near);
            AddNear(index, joined, term);
        }

        Keep(term);
    }

    /// <summary>Two words of the registry that are written as one, with at most one slip.</summary>
    private void AddSplit(NameIndex index, ReadOnlySpan<char> word)
    {
        for (var cut = 2; cut <= word.Length - 2; cut++)
        {
            var left = word[..cut];
            var right = word[cut..];
            var (leftKnown, rightKnown) = (IsKnown(index, left), IsKnown(index, right) || (cut >= 4 && LegalForms.IsLegalForm(right.ToString())));
            if (leftKnown && rightKnown)
            {
                KeepPart(index, left, 0);
                KeepPart(index, right, 0);
            }
            else if (leftKnown && cut >= 3 && right.Length >= 4)
            {
                KeepPart(index, right, 1, onlyWith: left);
            }
            else if (rightKnown && cut >= 4 && right.Length >= 3)
            {
                KeepPart(index, left, 1, onlyWith: right);
            }
        }
    }

    private void KeepPart(NameIndex index, ReadOnlySpan<char> part, int edits, ReadOnlySpan<char> onlyWith = default)
    {
        var term = Take();
        Add(index, part, 0.95f, term);
        if (edits > 0)
        {
            _near.Clear();
            index.Typos.Find(part, edits, _near);
            AddNear(index, part, term);
        }

        var meant = term.Variants.Count > 0;
        Keep(term);
        if (meant && onlyWith.Length > 0)
        {
            KeepPart(index, onlyWith, 0);
        }
    }

    private static void Add(NameIndex index, ReadOnlySpan<char> word, float likeness, SearchTerm term)
    {
        if (index.Words.Find(word) is var known && known >= 0 && index.Words.NamesWith(known) > 0)
        {
            term.Add(index, known, likeness);
        }
    }

    private SearchTerm Take()
    {
        if (_used == _pool.Count)
        {
            _pool.Add(new SearchTerm());
        }

        _pool[_used].Clear();
        return _pool[_used];
    }

    private void Keep(SearchTerm term)
    {
        // Taken again when nothing can be meant by it.
        if (term.Variants.Count > 0)
        {
            Terms.Add(term);
            _used++;
        }
    }
}
