using System.Collections.Frozen;

namespace Platform.EntityResolution.Names;

/// <summary>Different words that stand for each other in company names: numerals, plurals, and shortened words with several meanings.</summary>
internal static class WordKinship
{
    private static readonly string[][] Groups =
    [
        ["0", "zero"], ["1", "one", "first", "1st"], ["2", "two", "second", "2nd", "ii"], ["3", "three", "third", "3rd", "iii"], ["4", "four", "fourth", "4th", "iv"],
        ["5", "five", "fifth", "5th"], ["6", "six", "sixth", "6th", "vi"], ["7", "seven", "seventh", "7th", "vii"], ["8", "eight", "eighth", "8th", "viii"],
        ["9", "nine", "ninth", "9th", "ix"], ["10", "ten", "tenth", "10th"], ["11", "eleven", "xi"], ["12", "twelve", "xii"], ["13", "thirteen", "xiii"], ["14", "fourteen", "xiv"], ["15", "fifteen", "xv"],
        ["20", "twenty", "xx"], ["24", "twentyfour"], ["50", "fifty"], ["100", "hundred"], ["1000", "thousand"],
        ["tech", "technology", "technologies", "technical"], ["pharma", "pharmaceutical", "pharmaceuticals"], ["fin", "financial", "finance", "financials"],
        ["ind", "industries", "industrial", "industry"], ["comm", "communications", "communication", "communications"], ["telecom", "telecommunications", "telecommunication"],
        ["bio", "biosciences", "bioscience"], ["chem", "chemicals", "chemical"], ["elec", "electric", "electronics", "electrical", "electronic"],
        ["ins", "insurance", "assurance"], ["inv", "investment", "investments"], ["invt", "investment", "investments"], ["prop", "properties", "property"], ["props", "properties", "property"],
        ["res", "resources", "resource"], ["dev", "development", "developments"], ["const", "construction"], ["constr", "construction"], ["transp", "transportation", "transport"], ["trans", "transport"],
        ["bancorp", "bancorporation", "bankcorp"], ["banc", "bank", "banking"], ["bk", "bank"], ["svgs", "savings"], ["sav", "savings"], ["finl", "financial"], ["realty", "reit"],
        ["prods", "products", "product"], ["prod", "products", "product", "production", "productions"], ["sol", "solutions", "solution"], ["sci", "sciences", "science", "scientific"],
        ["med", "medical", "medicine"], ["engr", "engineering"], ["eng", "engineering"], ["equip", "equipment"], ["ent", "entertainment", "enterprises"], ["entertain", "entertainment"],
        ["acad", "academy"], ["inst", "institute"], ["fdn", "foundation"], ["fndtn", "foundation"], ["st", "saint", "street"], ["mt", "mount", "mountain"], ["ft", "fort"],
        ["us", "usa", "american", "america"], ["uk", "britain", "british"], ["deutsche", "german"], ["cos", "companies"], ["acq", "acquisition"], ["trst", "trust"], ["muni", "municipal"],
        ["sw", "southwest"], ["se", "southeast"], ["nw", "northwest"], ["ne", "northeast"], ["n", "north"], ["s", "south"], ["e", "east"], ["w", "west"],
        ["elem", "elementary"], ["jr", "junior"], ["sr", "senior"], ["ltg", "lighting"], ["koninklijke", "royal"], ["kon", "koninklijke"], ["soc", "society", "societe"], ["adv", "advanced"], ["gen", "general"], ["amer", "american", "america"], ["corps", "corp"],
    ];

    private static readonly FrozenDictionary<string, string[]> Kin = Groups
        .SelectMany(group => group.Select(word => (Word: word, Others: group)))
        .GroupBy(pair => pair.Word)
        .ToFrozenDictionary(words => words.Key, words => words.SelectMany(pair => pair.Others).Where(other => other != words.Key).Distinct().ToArray());

    private static readonly FrozenDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> Lookup = Kin.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Words that may stand for this one, without its plural.</summary>
    public static ReadOnlySpan<string> Of(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var kin) ? kin : [];

    public static bool Are(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (IsPlural(a, b) || IsPlural(b, a))
        {
            return true;
        }

        foreach (var kin in Of(a))
        {
            if (b.SequenceEqual(kin))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A number, whether in digits, in words or Roman: numbers that differ name different things.</summary>
    public static bool IsNumber(ReadOnlySpan<char> word)
    {
        foreach (var character in word)
        {
            if (char.IsAsciiDigit(character))
            {
                return true;
            }
        }

        if (word.Length is >= 1 and <= 5 && word.IndexOfAnyExcept("ivx") < 0)
        {
            return true;
        }

        foreach (var kin in Of(word))
        {
            if (char.IsAsciiDigit(kin[0]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A number without letters of another word beside its digits.</summary>
    public static bool IsMereNumber(ReadOnlySpan<char> word) =>
        IsNumber(word) && (word.IndexOfAnyInRange('0', '9') < 0 || word.IndexOfAnyExceptInRange('0', '9') < 0);

    private static bool IsPlural(ReadOnlySpan<char> plural, ReadOnlySpan<char> single) =>
        single.Length >= 3 && ((plural.Length == single.Length + 1 && plural[^1] == 's' && plural.StartsWith(single))
            || (plural.Length == single.Length + 2 && plural.EndsWith("ies") && single[^1] == 'y' && plural[..^3].SequenceEqual(single[..^1])));
}
