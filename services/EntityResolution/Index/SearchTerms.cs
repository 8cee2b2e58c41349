using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Finds, for each asked word, the words of the registry that may be meant by it. One instance for one thread.</summary>
internal sealed class SearchTerms
{
    private const int MostVariants = 48;
    private readonly List<SearchTerm> _pool = [];
    private readonly List<int> _near = [];
    private readonly SplitWords _split = new();
    private int _used;

    /// <summary>Terms of the last question; those that nothing can be meant by are left out.</summary>
    public List<SearchTerm> Terms { get; } = [];

    /// <summary>Reads the words into terms, and into <paramref name="asked"/> with what each tells.</summary>
    public void Read(NameIndex index, NameWords words, ComparedName asked)
    {
        _used = 0;
        Terms.Clear();
        asked.Clear();
        var form = words.FormText();
        ReadOnlySpan<char> writtenForm = default;
        var count = Math.Min(words.Count, ComparedName.MostWords);
        var afterForm = false;
        var before = -1;
        for (var i = 0; i < count; i++)
        {
            var word = words[i];
            var known = IsKnown(index, word);
            var number = known ? index.Words.Find(word) : -1;
            if (i > 0 && i == words.Count - 1 && !known && form.Length == 0 && LegalForms.Misspelt(word) is { } meant)
            {
                form = meant;
                writtenForm = word;
                continue;
            }

            if (i == 0 && count > 1 && form.Length == 0 && LegalForms.IsFrequent(word))
            {
                form = LegalForms.Canonical(word)!;
            }

            var term = Take();
            AddVariants(index, word, term);
            // What follows a legal form is a place or a remark more often than a part of the name.
            asked.Add(word, WeightOf(index, word, known, term) * (afterForm ? 0.5f : 1));
            asked.ShareLast(index.Repeated(before, number));
            before = number;
            afterForm |= i > 0 && LegalForms.Canonical(word) is not null;
            Keep(term);
            AddJoined(index, words, i);

            if (word.Length >= 6 && !known)
            {
                _split.Add(index, word, desperate: term.Variants.Count == 0, this);
            }
        }

        AddInitials(index, words);
        asked.End(form, writtenForm);
        Terms.Sort(static (a, b) => b.Most.CompareTo(a.Most));
    }

    public static bool IsKnown(NameIndex index, ReadOnlySpan<char> word) => index.Words.Find(word) is var known && known >= 0 && index.Words.NamesWith(known) > 0;

    /// <summary>A misspelt common word is as common as the word that is meant.</summary>
    private static float WeightOf(NameIndex index, ReadOnlySpan<char> word, bool known, SearchTerm term)
    {
        var own = index.WeightOf(word);
        if (known)
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

    /// <summary>The word together with one or two before it, as "van der bilt" for "vanderbilt".</summary>
    private void AddJoined(NameIndex index, NameWords words, int last)
    {
        Span<char> joined = stackalloc char[40];
        for (var first = last - 1; first >= Math.Max(0, last - 2); first--)
        {
            var length = 0;
            for (var i = first; i <= last; i++)
            {
                if (length + words[i].Length > joined.Length)
                {
                    return;
                }

                words[i].CopyTo(joined[length..]);
                length += words[i].Length;
            }

            var term = Take();
            Add(index, joined[..length], 0.99f, term);
            if (length >= 5 && first == last - 1)
            {
                _near.Clear();
                index.Typos.Find(joined[..length], 1, _near);
                AddNear(index, joined[..length], term);
            }

            Keep(term);
        }
    }

    /// <summary>The initials of all words as one word, as "ibm" for "international business machines".</summary>
    private void AddInitials(NameIndex index, NameWords words)
    {
        if (words.Count is < 3 or > 7)
        {
            return;
        }

        Span<char> letters = stackalloc char[7];
        var count = 0;
        for (var i = 0; i < words.Count; i++)
        {
            if (!Initials.IsMinor(words[i]))
            {
                letters[count++] = words[i][0];
            }
        }

        var term = Take();
        if (count >= 3)
        {
            Add(index, letters[..count], 0.9f, term);
        }

        Keep(term);
    }

    /// <summary>A part of a word as a term of its own, with its misspellings when <paramref name="edits"/> is 1; null when nothing can be meant by it.</summary>
    public SearchTerm? Part(NameIndex index, ReadOnlySpan<char> part, int edits)
    {
        var term = Take();
        Add(index, part, 0.95f, term);
        if (edits > 0 && term.Variants.Count == 0)
        {
            _near.Clear();
            index.Typos.Find(part, edits, _near);
            AddNear(index, part, term);
        }

        return term.Variants.Count > 0 ? term : null;
    }

    /// <summary>Keeps a term for the search.</summary>
    public void Keep(SearchTerm term)
    {
        if (term.Variants.Count > 0)
        {
            Terms.Add(term);
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

        var term = _pool[_used++];
        term.Clear();
        return term;
    }
}
