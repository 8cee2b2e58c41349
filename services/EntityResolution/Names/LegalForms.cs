using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>Legal forms of many countries, each with the spelling that keys use. Written folded, as the words of names are.</summary>
internal static class LegalForms
{
    private static readonly FrozenDictionary<string, string> Forms = Spellings(
        "inc: incorporated, inc, incorporation, incorp",
        "corp: corporation, corp, corporacion",
        "co: company, co, cie, compagnie, compania",
        "ltd: limited, ltd, limitd, ltee, limitee, limited company, company limited by guarantee",
        "llc: llc, limited liability company, limited liability co, ltd liability company",
        "llp: llp, limited liability partnership", "lp: lp, limited partnership, ltd partnership", "lllp: lllp", "pllc: pllc", "pc: pc, professional corporation",
        "plc: plc, public limited company, public ltd company, public limited co, public limited",
        "na: na, national association", "fsb: fsb", "nl: no liability",
        "gmbh: gmbh, mbh, gesellschaft mit beschrankter haftung, ges mbh, gesmbh, ggmbh, gesellschaft mbh",
        "ag: ag, aktiengesellschaft, akg", "kg: kg, kommanditgesellschaft", "ohg: ohg, offene handelsgesellschaft",
        "kgaa: kgaa, kommanditgesellschaft auf aktien", "ug: ug, unternehmergesellschaft", "ev: ev, eingetragener verein", "eg: eg, eingetragene genossenschaft", "ek: ek", "gbr: gbr",
        "sa: sa, societe anonyme, sociedad anonima, sociedade anonima, societate pe actiuni",
        "sas: sas, societe par actions simplifiee, sociedad por acciones simplificada", "sasu: sasu", "eurl: eurl", "snc: snc, societe en nom collectif", "sca: sca, societe en commandite par actions", "scs: scs",
        "sarl: sarl, societe a responsabilite limitee", "sci: sci", "scop: scop", "gie: gie",
        "spa: spa, societa per azioni, societe par actions", "srl: srl, societa a responsabilita limitata, sociedad de responsabilidad limitada, societate cu raspundere limitata, societatea cu raspundere limitata, srls",
        "sl: sl, sociedad limitada", "slu: slu", "sau: sau", "sapi: sapi", "sadecv: sa de cv, sab de cv, sapi de cv, sociedad anonima de capital variable", "srldecv: s de rl de cv, srl de cv", "sab: sab", "cv: cv",
        "ltda: ltda, limitada, lda", "eireli: eireli", "sgps: sgps", "se: se, societas europaea", "sce: sce", "eeig: eeig",
        "bv: bv, besloten vennootschap, bvba, sprl, besloten vennootschap met beperkte aansprakelijkheid", "nv: nv, naamloze vennootschap", "vof: vof, vennootschap onder firma", "cvba: cvba", "asbl: asbl", "vzw: vzw",
        "ab: ab, aktiebolag, publ ab, ab publ", "hb: handelsbolag", "as: as, aksjeselskap, aktieselskab, anonim sirketi, anonim sirket", "asa: asa, allmennaksjeselskap", "aps: aps, anpartsselskab", "is dk: interessentskab", "ks: kommanditselskab",
        "oy: oy, osakeyhtio", "oyj: oyj, julkinen osakeyhtio", "hf: hf", "ehf: ehf", "ou: osauhing, ou", "uab: uab", "sia: sia",
        "kk: kk, kabushiki kaisha, kabushiki gaisha, 株式会社, (株), 주식회사", "gk: gk, godo kaisha, 合同会社", "yk: yugen kaisha, 有限会社, 유한회사", "cn ltd: 有限公司, 有限责任公司", "cn jsc: 股份有限公司",
        "pty: pty, proprietary", "ptyltd: pty ltd, proprietary limited", "pte: pte", "pteltd: pte ltd, private limited company by shares", "sdn: sdn", "bhd: bhd, berhad", "sdnbhd: sdn bhd, sendirian berhad",
        "pvt: pvt, private", "pvtltd: pvt ltd, private limited, pvt limited, private ltd", "tbk: tbk", "pt: perseroan terbatas", "jsc: jsc, joint stock company, joint stock co, joint stock compan",
        "ojsc: ojsc, open joint stock company, oao, otkrytoe aktsionernoe obshchestvo", "cjsc: cjsc, closed joint stock company, zao, zakrytoe aktsionernoe obshchestvo",
        "pjsc: pjsc, public joint stock company, pao, publichnoe aktsionernoe obshchestvo", "ao: aktsionernoe obshchestvo",
        "ooo: ooo, obshchestvo s ogranichennoy otvetstvennostyu", "ood: ood", "eood: eood", "ad bg: akcionersko drustvo", "doo: doo, drustvo s ogranicenom odgovornoscu", "dd: dionicko drustvo, delniska druzba",
        "sro: sro, spol sro, spolecnost s rucenim omezenym, spolocnost s rucenim obmedzenym", "as cz: akciova spolecnost, akciova spolocnost", "vos: vos", "kft: kft, korlatolt felelossegu tarsasag", "zrt: zrt, zartkoruen mukodo reszvenytarsasag", "nyrt: nyrt, nyilvanosan mukodo reszvenytarsasag", "bt hu: beteti tarsasag", "rt hu: reszvenytarsasag",
        "spzoo: spzoo, sp z oo, sp zoo, spolka z oo, spolka z ograniczona odpowiedzialnoscia", "spa pl: spolka akcyjna", "spk: spolka komandytowa", "sj: spolka jawna",
        "epe: epe", "ae gr: anonymi etaireia, anonimi eteria", "ltdsti: ltd sti, limited sirketi", "sti: sti, sirketi", "fze: fze", "fzco: fzco", "fzllc: fz llc", "wll: wll", "psc: psc, qsc", "saog: saog", "kscp: kscp, ksc", "sal: sal", "sarlau: sarlau", "shpk: shpk", "sha: sha");

    private static readonly FrozenSet<string> Leading = FrozenSet.Create(
        "ooo", "oao", "zao", "pao", "ojsc", "cjsc", "pjsc", "jsc", "pt", "tov", "uab", "sia", "srl", "sarl", "spa", "gmbh", "limited liability company", "joint stock company", "open joint stock company", "closed joint stock company", "public joint stock company",
        "societatea cu raspundere limitata", "otkrytoe aktsionernoe obshchestvo", "zakrytoe aktsionernoe obshchestvo", "publichnoe aktsionernoe obshchestvo", "aktsionernoe obshchestvo", "obshchestvo s ogranichennoy otvetstvennostyu",
        "株式会社", "有限会社", "주식회사");

    private static readonly string[] Frequent = ["inc", "corp", "ltd", "llc", "plc", "gmbh", "limited", "company", "corporation", "incorporated", "spa", "srl", "sarl", "aktiengesellschaft"];

    // Written without a space around them.
    private static readonly string[] Unspaced = ["股份有限公司", "有限责任公司", "有限公司", "株式会社", "有限会社", "合同会社", "주식회사", "유한회사"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FrequentLookup =
        Frequent.Concat(["co", "lp", "llp", "nv", "bv", "sa", "ag", "kg", "oy", "oyj", "asa", "aps", "pty", "gmbh", "tbk", "ab", "as"]).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string> LastWords = Forms.Keys.Select(f => f[(f.LastIndexOf(' ') + 1)..]).ToFrozenSet();
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> FormLookup = Forms.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LastWordLookup = LastWords.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LeadingLookup = Leading.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Most words of a form.</summary>
    public static int MostWords { get; } = Forms.Keys.Max(f => f.Count(' '.Equals) + 1);

    /// <summary>The usual spelling of a form; null when the words are none.</summary>
    public static string? Canonical(ReadOnlySpan<char> words) => FormLookup.TryGetValue(words, out var form) ? form : null;

    public static bool IsLegalForm(string word) => Forms.ContainsKey(word);

    /// <summary>A form that is hardly ever anything else.</summary>
    public static bool IsFrequent(ReadOnlySpan<char> word) => FrequentLookup.Contains(word);

    /// <summary>The usual spelling of a frequent form that a word is a misspelling of; null when it is none.</summary>
    public static string? Misspelt(ReadOnlySpan<char> word)
    {
        foreach (var form in Frequent)
        {
            if (word.Length >= 2 && EditDistance.Between(word, form, form.Length >= 7 ? 2 : 1) <= (form.Length >= 7 ? 2 : 1))
            {
                return Canonical(form);
            }
        }

        return null;
    }

    /// <summary>Whether some form ends with the word.</summary>
    public static bool CanEnd(ReadOnlySpan<char> word) => LastWordLookup.Contains(word);

    /// <summary>The usual spelling of a form that also stands before names, as "OAO Gazprom"; null when the words are none.</summary>
    public static string? AtStart(ReadOnlySpan<char> words) => !LeadingLookup.Contains(words) ? null : Canonical(words) ?? words.ToString();

    /// <summary>Where a form begins, or a leading one ends, that is written together with the name as in Chinese and Japanese.</summary>
    public static bool EndsUnspaced(ReadOnlySpan<char> word, out int cut)
    {
        cut = 0;
        if (word.Length < 5 || char.IsAscii(word[^1]))
        {
            return false;
        }

        foreach (var form in Unspaced)
        {
            if (word.Length > form.Length && (word.EndsWith(form, StringComparison.Ordinal) || word.StartsWith(form, StringComparison.Ordinal)))
            {
                cut = word.StartsWith(form, StringComparison.Ordinal) ? form.Length : word.Length - form.Length;
                return true;
            }
        }

        return false;
    }

    private static FrozenDictionary<string, string> Spellings(params ReadOnlySpan<string> forms)
    {
        var spellings = new Dictionary<string, string>();
        foreach (var form in forms)
        {
            var colon = form.IndexOf(':', StringComparison.Ordinal);
            foreach (var spelling in form[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
            {
                spellings.TryAdd(spelling, form[..colon]);
            }
        }

        return spellings.ToFrozenDictionary();
    }
}
