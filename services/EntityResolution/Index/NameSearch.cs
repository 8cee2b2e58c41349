using System.Collections.Concurrent;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Finds the names most like a text: equal ones, those that hold its words or words like them, those that are nearly the same letters
/// altogether, and those it gives the initials of. The best few are compared whole. Holds the room that this takes; rented for one lookup.
/// </summary>
internal sealed class NameSearch
{
    private const int MostCompared = 28;

    private static readonly ConcurrentBag<NameSearch> Pool = [];

    private readonly NameWords _words = new();
    private readonly SearchTerms _terms = new();
    private readonly RowScores _scores = new();
    private readonly NameComparison _comparison = new();
    private readonly ComparedName _asked = new();
    private readonly ComparedName _named = new();
    private readonly List<(int Edits, int Row)> _whole = [];
    private readonly List<int> _initials = [];
    private readonly List<NameMatch> _matches = [];

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
                if (found.Count < limit && !found.Exists(f => f.Entity == match.Entity))
                {
                    found.Add(match);
                }
            }

            return found;
        }
        finally
        {
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
        _scores.Rank(index, _terms.Terms);
        AddExact(index);
        AddWhole(index);
        AddRanked(index);
        AddInitials(index);
        MatchModel.Compete(_matches);
    }

    private void AddExact(NameIndex index)
    {
        var core = _words.Core;
        for (var row = index.FirstExact(core); row >= 0 && _matches.Count < MostCompared; row = index.NextExact(row, core))
        {
            var form = index.FormOf(row);
            var lacksForm = form.Length == 0 || _asked.Form.Length == 0;
            var odds = form == _asked.Form ? MatchModel.SameKey : lacksForm ? MatchModel.SameCore : MatchModel.OtherForm;
            var evidence = new Evidence
            {
                Asked = 1,
                Named = 1,
                Agreed = index.RowWeightOf(row),
                FirstAgrees = true,
                Letters = 1,
                Trigrams = 1,
                FormDiffers = lacksForm ? 0 : form == _asked.Form ? -1 : 1,
            };
            _matches.Add(new NameMatch(index.Rows.EntityOf(row), row, MatchKind.Exact, odds, 0, evidence));
        }
    }

    /// <summary>Names of nearly the same letters, wherever the spaces are; not looked for when an equal one was found.</summary>
    private void AddWhole(NameIndex index)
    {
        if (_matches.Count > 0)
        {
            return;
        }

        Span<char> together = stackalloc char[ComparedName.LongestTogether];
        _whole.Clear();
        index.Whole.Find(together[.._asked.WriteTogether(together, withForm: true)], _whole);
        if (_asked.Form.Length > 0)
        {
            index.Whole.Find(together[.._asked.WriteTogether(together, withForm: false)], _whole);
        }

        foreach (var (_, row) in _whole)
        {
            AddAlike(index, row, MatchKind.Fuzzy);
        }
    }

    private void AddRanked(NameIndex index)
    {
        var before = _matches.Count;
        foreach (var (_, row) in _scores.Ranked)
        {
            if (_matches.Count >= MostCompared + before)
            {
                break;
            }

            if (!HoldsRow(row, before))
            {
                AddAlike(index, row, MatchKind.Fuzzy);
            }
        }
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

    private void AddAlike(NameIndex index, int row, MatchKind kind)
    {
        index.Load(row, _named);
        var evidence = _comparison.Compare(_asked, _named);
        var odds = kind == MatchKind.Acronym ? MatchModel.Acronym(_asked.Text.Length) : MatchModel.LogOdds(evidence);
        _matches.Add(new NameMatch(index.Rows.EntityOf(row), row, kind, odds, 0, evidence));
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
}
