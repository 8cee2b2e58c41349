using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>
/// How common a word is in company names anywhere, for registries too small to tell: shares of names, estimated from general
/// knowledge of registers in English, German, French, Spanish, Italian and Dutch. A registry's own counts outweigh it soon.
/// </summary>
internal static class CommonWords
{
    /// <summary>Names that the general knowledge counts for beside the registry's own.</summary>
    public const double Names = 300;

    /// <summary>Share of names that hold a word of which nothing is known.</summary>
    public const double OtherShare = 1e-5;

    private static readonly FrozenDictionary<string, double> Shares = Levels(
        (0.12, "and of the"),
        (0.04, "group holdings holding international de"),
        (0.015, "financial capital technologies trust fund global services systems energy partners bank bancorp acquisition industries la le du des van von für fur for in"),
        (0.008, "resources management solutions technology pharmaceuticals therapeutics health american america national first investment investments united enterprises properties real estate realty medical new trading consulting mining gold oil gas power insurance software media foods food products brands"),
        (0.004, "general motors electric water communications networks digital data bio biosciences sciences labs laboratories pacific atlantic north south east west western eastern northern southern european europe china india japan canada german deutsche france italia espana nederland uk us usa world universal central royal star sun blue green red black white gold silver growth income value equity opportunity municipal bond credit finance savings federal community home life care services logistics transport transportation shipping marine air airlines aviation aerospace defense steel metals materials chemical chemicals plastics paper packaging engineering construction building development design studio studios entertainment games gaming sports hotels hotel resorts restaurants retail stores fashion clothing textiles auto automotive motor tire machine machinery tools equipment instruments devices electronics semiconductor micro nano quantum cloud cyber security net online web internet mobile wireless telecom"),
        (0.002, "advanced applied associates association society institute university college school academy center foundation church hospital clinic house beverage beverages brewing coffee farms farm agricultural agri environmental waste recycling solar wind nuclear petroleum pipeline midstream exploration royalty leasing rental acceptance mortgage asset assets advisors wealth securities exchange markets market marketing advertising press publishing news radio television music art arts beauty cosmetics wellness nutrition pet animal hemp cannabis crypto bitcoin blockchain ai robotics automation control controls optical photonics laser vision imaging diagnostics genetics genomics gene cell oncology immune vaccines dental surgical vascular heart brain neuro pain eye one two three i ii iii iv alpha beta delta omega sigma apex summit pioneer liberty eagle lion phoenix dragon city river lake ocean sea mountain valley hill park island harbor beheer stichting beteiligungs verwaltungs vermogensverwaltung"));

    private static readonly FrozenDictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> Lookup = Shares.GetAlternateLookup<ReadOnlySpan<char>>();

    public static double Share(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var share) ? share : OtherShare;

    /// <summary>What a word tells, in nats: the less likely it is in a name of the registry, the more.</summary>
    /// <param name="word">Folded.</param>
    /// <param name="holding">Names of the registry that hold it.</param>
    /// <param name="names">Names of the registry.</param>
    public static float Weight(ReadOnlySpan<char> word, int holding, int names)
    {
        // Within a name, a legal form tells next to nothing, however few names have it there.
        if (LegalForms.IsFrequent(word))
        {
            return 1;
        }

        var likely = (holding + Math.Max(0.5 * (holding == 0 ? 1 : 0), Names * Share(word))) / (names + Names);
        return (float)Math.Max(0.3, -Math.Log(Math.Min(likely, 0.9)));
    }

    private static FrozenDictionary<string, double> Levels(params ReadOnlySpan<(double Share, string Words)> levels)
    {
        var shares = new Dictionary<string, double>();
        foreach (var (share, words) in levels)
        {
            foreach (var word in words.Split(' '))
            {
                shares.TryAdd(word, share);
            }
        }

        return shares.ToFrozenDictionary();
    }
}
