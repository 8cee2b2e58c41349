using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>Abbreviations that company names use for one word only, so that writing them out cannot change the meaning.</summary>
internal static class Abbreviations
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["intl"] = "international",
        ["int'l"] = "international",
        ["natl"] = "national",
        ["mfg"] = "manufacturing",
        ["mfr"] = "manufacturer",
        ["bros"] = "brothers",
        ["svcs"] = "services",
        ["svc"] = "service",
        ["inds"] = "industries",
        ["assn"] = "association",
        ["assoc"] = "associates",
        ["mgmt"] = "management",
        ["engg"] = "engineering",
        ["pharm"] = "pharmaceuticals",
        ["dept"] = "department",
        ["grp"] = "group",
        ["hldgs"] = "holdings",
        ["hldg"] = "holding",
        ["labs"] = "laboratories",
        ["sys"] = "systems",
        ["und"] = "and",
        ["et"] = "and",
        ["y"] = "and",
    }.ToFrozenDictionary();

    public static string WriteOut(string word) => Words.GetValueOrDefault(word, word);
}
