namespace Platform.EntityResolution.Index;

/// <summary>An entity that words may mean.</summary>
/// <param name="Owner">Whose name agreed.</param>
/// <param name="Index">Where the name that agreed was found.</param>
/// <param name="Match">How, and how likely: its probability counts the others that were found, and that none may be meant.</param>
internal readonly record struct LayeredMatch(LayeredEntity Owner, NameIndex Index, NameMatch Match)
{
    /// <summary>True when another name of the entity agreed, not its own.</summary>
    public bool IsAlias => Index != Owner.Index;

    /// <summary>The name that agreed, as it was given.</summary>
    public string FoundName => Index.NameOf(Match.Row);

    /// <summary>What agreed and what was forgiven.</summary>
    /// <param name="words">Those that were asked for.</param>
    public IReadOnlyList<string> Explain(ReadOnlySpan<string> words)
    {
        var phrases = NameSearch.Explain(Index, words, Match);
        return IsAlias ? [$"alias: {FoundName}", .. phrases] : phrases;
    }

    /// <summary>Puts matches of several indexes in order, each entity once, and makes their probabilities those of one contest.</summary>
    public static void Compete(List<LayeredMatch> found)
    {
        found.Sort(static (a, b) => b.Match.LogOdds.CompareTo(a.Match.LogOdds));
        var seen = new HashSet<LayeredEntity>();
        found.RemoveAll(match => !seen.Add(match.Owner));
        var all = 1 + found.Sum(match => Math.Exp(match.Match.LogOdds));
        for (var i = 0; i < found.Count; i++)
        {
            var match = found[i].Match;
            found[i] = found[i] with { Match = match with { Probability = (float)(Math.Exp(match.LogOdds) / all) } };
        }
    }
}
