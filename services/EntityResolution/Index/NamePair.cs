using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Whether two names mean the same, without a registry: words weigh what they weigh in names anywhere.</summary>
internal static class NamePair
{
    /// <summary>Log odds from which two names count as the same.</summary>
    public const float SameFrom = 0;

    private const int NamesAnywhere = 20_000;

    public static float LogOdds(string left, string right)
    {
        var (asked, name) = (Read(left), Read(right));
        if (asked.Text.SequenceEqual(name.Text))
        {
            return asked.Form == name.Form ? MatchModel.SameKey : asked.Form.Length == 0 || name.Form.Length == 0 ? MatchModel.SameCore : MatchModel.OtherForm;
        }

        var comparison = new NameComparison();
        return Math.Max(MatchModel.PairLogOdds(comparison.Compare(asked, name)), MatchModel.PairLogOdds(comparison.Compare(name, asked)));
    }

    private static ComparedName Read(string name)
    {
        var words = new NameWords();
        words.Read(name);
        var compared = new ComparedName();
        for (var i = 0; i < words.Count; i++)
        {
            compared.Add(words[i], CommonWords.Weight(words[i], 1, NamesAnywhere));
        }

        compared.End(words.FormText());
        return compared;
    }
}
