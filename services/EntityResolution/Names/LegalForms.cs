using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>Legal forms that end a company name, each with the spelling that keys use.</summary>
internal static class LegalForms
{
    private static readonly FrozenDictionary<string, string> Forms = new Dictionary<string, string>
    {
        ["incorporated"] = "inc", ["inc"] = "inc",
        ["corporation"] = "corp", ["corp"] = "corp",
        ["company"] = "co", ["co"] = "co", ["cie"] = "co",
        ["limited"] = "ltd", ["ltd"] = "ltd", ["ltda"] = "ltda", ["lda"] = "lda",
        ["llc"] = "llc", ["llp"] = "llp", ["lp"] = "lp", ["lllp"] = "lllp", ["pllc"] = "pllc", ["plc"] = "plc", ["pc"] = "pc",
        ["gmbh"] = "gmbh", ["mbh"] = "gmbh", ["ag"] = "ag", ["kg"] = "kg", ["ohg"] = "ohg", ["kgaa"] = "kgaa", ["ug"] = "ug", ["ev"] = "ev", ["eg"] = "eg",
        ["sa"] = "sa", ["sas"] = "sas", ["sarl"] = "sarl", ["sasu"] = "sasu", ["eurl"] = "eurl", ["snc"] = "snc", ["sca"] = "sca",
        ["spa"] = "spa", ["srl"] = "srl", ["sl"] = "sl", ["slu"] = "slu", ["sau"] = "sau", ["se"] = "se",
        ["bv"] = "bv", ["nv"] = "nv", ["cv"] = "cv", ["vof"] = "vof", ["bvba"] = "bvba", ["sprl"] = "sprl",
        ["ab"] = "ab", ["as"] = "as", ["asa"] = "asa", ["aps"] = "aps", ["oy"] = "oy", ["oyj"] = "oyj", ["hf"] = "hf", ["ehf"] = "ehf",
        ["kk"] = "kk", ["gk"] = "gk", ["pty"] = "pty", ["pte"] = "pte", ["sdn"] = "sdn", ["bhd"] = "bhd", ["pvt"] = "pvt", ["private"] = "pvt",
        ["sro"] = "sro", ["doo"] = "doo", ["kft"] = "kft", ["zrt"] = "zrt", ["nyrt"] = "nyrt", ["ood"] = "ood", ["ooo"] = "ooo", ["oao"] = "oao", ["pjsc"] = "pjsc", ["jsc"] = "jsc",
        ["sab"] = "sab", ["spzoo"] = "spzoo", ["tbk"] = "tbk",
    }.ToFrozenDictionary();

    public static string? Canonical(string word) => Forms.GetValueOrDefault(word);

    public static bool IsLegalForm(string word) => Forms.ContainsKey(word);
}
