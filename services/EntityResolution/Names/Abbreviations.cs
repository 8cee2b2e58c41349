using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>
/// Abbreviations and spellings that company names use for one word only, so that writing them out cannot change the meaning.
/// Those that may mean several words ("tech", "fin") are kin instead: see <see cref="WordKinship"/>.
/// </summary>
internal static class Abbreviations
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["intl"] = "international", ["internatl"] = "international", ["intnl"] = "international", ["interntl"] = "international",
        ["natl"] = "national", ["natnl"] = "national", ["mfg"] = "manufacturing", ["mfr"] = "manufacturer", ["mfrs"] = "manufacturers",
        ["bros"] = "brothers", ["svcs"] = "services", ["svc"] = "service", ["srvcs"] = "services", ["inds"] = "industries",
        ["assn"] = "association", ["assoc"] = "associates", ["assocs"] = "associates", ["mgmt"] = "management", ["mgt"] = "management",
        ["engg"] = "engineering", ["pharm"] = "pharmaceuticals", ["dept"] = "department", ["grp"] = "group",
        ["hldgs"] = "holdings", ["hldg"] = "holding", ["hldng"] = "holding", ["hldngs"] = "holdings", ["labs"] = "laboratories", ["sys"] = "systems",
        ["univ"] = "university", ["hosp"] = "hospital", ["govt"] = "government", ["bldg"] = "building", ["bldrs"] = "builders",
        ["ctr"] = "center", ["centre"] = "center", ["centres"] = "centers", ["theatre"] = "theater", ["theatres"] = "theaters",
        ["organisation"] = "organization", ["organisations"] = "organizations", ["fibre"] = "fiber", ["fibres"] = "fibers",
        ["aluminium"] = "aluminum", ["defence"] = "defense", ["harbour"] = "harbor", ["labour"] = "labor", ["jewellery"] = "jewelry",
        ["und"] = "and", ["et"] = "and", ["y"] = "and", ["og"] = "and", ["och"] = "and",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The word written out; null when it is no abbreviation.</summary>
    public static string? TryWriteOut(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var full) ? full : null;
}
