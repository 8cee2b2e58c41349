namespace Platform.EntityResolution.Names;

/// <summary>A run of asked words that stands for a run of a name's words.</summary>
internal readonly record struct WordLink(sbyte AskedFirst, sbyte AskedLast, sbyte NamedFirst, sbyte NamedLast, float Likeness, LinkKind Kind);

internal enum LinkKind : byte
{
    Word,
    Joined,
    Initials,
    Whole,
}

/// <summary>Evidence for and against a name; weights are in nats, see <see cref="CommonWords.Weight"/>.</summary>
internal struct Evidence
{
    /// <summary>Share of the asked weight that the name accounts for, 0 to 1.</summary>
    public float Asked;

    /// <summary>Share of the name's weight that was asked for, 0 to 1.</summary>
    public float Named;

    /// <summary>Weight of the words that agree, as far as they do.</summary>
    public float Agreed;

    /// <summary>Weight lost in words that agree only nearly.</summary>
    public float Forgiven;

    /// <summary>Weight of asked words that the name lacks.</summary>
    public float Lacking;

    /// <summary>Weight of the name's words that were not asked for.</summary>
    public float Extra;

    /// <summary>1 when both have a legal form and they differ, 0 when one has none, -1 when they are the same.</summary>
    public float FormDiffers;

    /// <summary>A number, in digits, words or Roman, that was asked for and the name lacks, or single letters that differ. One that was left out is as any word left out.</summary>
    public bool NumberDiffers;

    public bool Reordered;

    /// <summary>The first words are each other's partners.</summary>
    public bool FirstAgrees;

    /// <summary>Likeness of the whole names letter by letter, legal form included, 0 to 1.</summary>
    public float Letters;

    /// <summary>Share of the trigrams of both names, legal form included, that they have in common, 0 to 1.</summary>
    public float Trigrams;
}

/// <summary>
/// Finds which words of a question stand for which words of a name, in any order: the same word, a typo, a shortening, words
/// written together or apart, initials of several words. One instance for one thread.
/// </summary>
internal sealed class NameComparison
{
    private const float LeastLikeness = 0.35f;
    private readonly List<(float Gain, WordLink Link)> _possible = [];
    private readonly bool[] _askedTaken = new bool[ComparedName.MostWords];
    private readonly bool[] _namedTaken = new bool[ComparedName.MostWords];
    private readonly List<WordLink> _links = [];

    /// <summary>The links of the last comparison, in the order of the asked words.</summary>
    public IReadOnlyList<WordLink> Links => _links;

    public Evidence Compare(ComparedName asked, ComparedName name)
    {
        _possible.Clear();
        _links.Clear();
        Array.Clear(_askedTaken);
        Array.Clear(_namedTaken);
        CollectWords(asked, name);
        CollectRuns(asked, name, swapped: false);
        CollectRuns(name, asked, swapped: true);
        _possible.Sort(static (a, b) => b.Gain.CompareTo(a.Gain) is var order && order != 0 ? order
            : a.Link.AskedFirst != b.Link.AskedFirst ? a.Link.AskedFirst.CompareTo(b.Link.AskedFirst) : a.Link.NamedFirst.CompareTo(b.Link.NamedFirst));
        foreach (var (_, link) in _possible)
        {
            if (IsFree(_askedTaken, link.AskedFirst, link.AskedLast) && IsFree(_namedTaken, link.NamedFirst, link.NamedLast))
            {
                _askedTaken.AsSpan(link.AskedFirst..(link.AskedLast + 1)).Fill(true);
                _namedTaken.AsSpan(link.NamedFirst..(link.NamedLast + 1)).Fill(true);
                _links.Add(link);
            }
        }

        _links.Sort(static (a, b) => a.AskedFirst.CompareTo(b.AskedFirst));
        var evidence = Weigh(asked, name);
        return evidence is { NumberDiffers: false, Asked: < 1 } && evidence.Lacking + evidence.Extra > 0 && TogetherLikeness(asked, name) is var likeness && likeness > Math.Max(evidence.Asked, LeastLikeness)
            ? WeighWhole(asked, name, likeness)
            : evidence;
    }

    public bool IsAskedTaken(int word) => _askedTaken[word];

    public bool IsNamedTaken(int word) => _namedTaken[word];

    /// <summary>Likeness of the names without spaces, when words alone leave something unexplained: "Endo mInc" for "Endo Inc".</summary>
    private static float TogetherLikeness(ComparedName asked, ComparedName name)
    {
        Span<char> left = stackalloc char[ComparedName.LongestTogether];
        Span<char> right = stackalloc char[ComparedName.LongestTogether];
        var with = WordLikeness.Together(left[..asked.WriteTogether(left, withForm: true)], right[..name.WriteTogether(right, withForm: true)]);
        return asked.Form.Length > 0 && name.Form.Length > 0 || asked.Form.Length + name.Form.Length == 0
            ? with
            : Math.Max(with, WordLikeness.Together(left[..asked.WriteTogether(left, withForm: false)], right[..name.WriteTogether(right, withForm: false)]));
    }

    private Evidence WeighWhole(ComparedName asked, ComparedName name, float likeness)
    {
        _links.Clear();
        _links.Add(new WordLink(0, (sbyte)(asked.Count - 1), 0, (sbyte)(name.Count - 1), likeness, LinkKind.Whole));
        Array.Fill(_askedTaken, true);
        Array.Fill(_namedTaken, true);
        return Weigh(asked, name);
    }

    private void CollectWords(ComparedName asked, ComparedName name)
    {
        for (var i = 0; i < asked.Count; i++)
        {
            for (var j = 0; j < name.Count; j++)
            {
                if (WordLikeness.Between(asked[i], name[j]) is var likeness && likeness >= LeastLikeness)
                {
                    // Of equal words those at the same place belong together.
                    var gain = likeness * (asked.Weights[i] + name.Weights[j]) - 0.001f * Math.Abs(i - j);
                    _possible.Add((gain, new WordLink((sbyte)i, (sbyte)i, (sbyte)j, (sbyte)j, likeness, LinkKind.Word)));
                }
            }
        }
    }

    /// <summary>Single words of one side that may be several words of the other, written together or by their initials.</summary>
    private void CollectRuns(ComparedName single, ComparedName several, bool swapped)
    {
        Span<char> together = stackalloc char[64];
        for (var i = 0; i < single.Count; i++)
        {
            var word = single[i];
            for (var first = 0; word.Length >= 2 && first < several.Count; first++)
            {
                var (length, weight, isExact) = (0, 0f, word.Length < 5);
                for (var last = first; last < several.Count && last - first < 7; last++)
                {
                    weight += several.Weights[last];
                    var part = several[last];
                    // A run that holds the word itself has nothing joined, and a single letter no room for slips: "J Ansen" is not "Jensen".
                    isExact |= part.Length == 1 || part.SequenceEqual(word);
                    if (length >= 0 && length + part.Length <= together.Length && length + part.Length <= word.Length + 2)
                    {
                        part.CopyTo(together[length..]);
                        length += part.Length;
                        if (last > first && Math.Abs(length - word.Length) <= 2 && word.Length >= 3)
                        {
                            var likeness = together[..length].SequenceEqual(word) ? 0.99f : !isExact ? 0.95f * WordLikeness.Typo(together[..length], word) : 0;
                            Add(likeness, single.Weights[i] + weight, i, first, last, LinkKind.Joined, swapped);
                        }
                    }
                    else
                    {
                        length = -1;
                    }

                    if (last > first && word.Length <= 6 && Initials.Match(several, first, last, word))
                    {
                        Add(word.Length >= 3 ? 0.9f : 0.7f, single.Weights[i] + weight, i, first, last, LinkKind.Initials, swapped);
                    }
                }
            }
        }
    }

    private void Add(float likeness, float weight, int single, int first, int last, LinkKind kind, bool swapped)
    {
        if (likeness >= LeastLikeness)
        {
            _possible.Add((likeness * weight, swapped
                ? new WordLink((sbyte)first, (sbyte)last, (sbyte)single, (sbyte)single, likeness, kind)
                : new WordLink((sbyte)single, (sbyte)single, (sbyte)first, (sbyte)last, likeness, kind)));
        }
    }

    private Evidence Weigh(ComparedName asked, ComparedName name)
    {
        var evidence = new Evidence();
        var (askedAgreed, namedAgreed, lastNamed) = (0f, 0f, -1);
        foreach (var link in _links)
        {
            var (askedWeight, namedWeight) = (Sum(asked.Weights, link.AskedFirst, link.AskedLast), Sum(name.Weights, link.NamedFirst, link.NamedLast));
            askedAgreed += askedWeight * link.Likeness;
            namedAgreed += namedWeight * link.Likeness;
            // A typo makes a word unknown, and so seem rarer than it is: the name's word is what agrees.
            evidence.Agreed += namedWeight * link.Likeness;
            evidence.Forgiven += namedWeight * (1 - link.Likeness);
            evidence.Reordered |= link.NamedFirst < lastNamed;
            lastNamed = link.NamedFirst;
            evidence.FirstAgrees |= link is { AskedFirst: 0, NamedFirst: 0 };
        }

        var (askedLetter, namedLetter) = (false, false);
        for (var i = 0; i < asked.Count; i++)
        {
            if (!_askedTaken[i])
            {
                evidence.Lacking += asked.Weights[i];
                evidence.NumberDiffers |= WordKinship.IsNumber(asked[i]);
                askedLetter |= asked[i].Length == 1;
            }
        }

        for (var j = 0; j < name.Count; j++)
        {
            if (!_namedTaken[j])
            {
                evidence.Extra += name.Weights[j];
                namedLetter |= name[j].Length == 1;
            }
        }

        evidence.NumberDiffers |= askedLetter && namedLetter;

        evidence.Asked = asked.TotalWeight == 0 ? 0 : askedAgreed / asked.TotalWeight;
        evidence.Named = name.TotalWeight == 0 ? 0 : namedAgreed / name.TotalWeight;
        evidence.FormDiffers = asked.Form.Length == 0 || name.Form.Length == 0 ? 0 : asked.Form == name.Form ? -1 : 1;
        var longer = Math.Max(asked.Key.Length, name.Key.Length);
        evidence.Letters = longer == 0 ? 0 : 1 - (float)EditDistance.Between(asked.Key, name.Key, longer) / longer;
        evidence.Trigrams = asked.Trigrams.Likeness(name.Trigrams);
        return evidence;
    }

    private static float Sum(float[] weights, int first, int last)
    {
        var sum = 0f;
        for (var i = first; i <= last; i++)
        {
            sum += weights[i];
        }

        return sum;
    }

    private static bool IsFree(bool[] taken, int first, int last) => taken.AsSpan(first..(last + 1)).IndexOf(true) < 0;
}
