namespace Platform.Benchmarks.EntityResolution;

/// <summary>Distinct company names in any number: invented words, surnames and places with usual company words and legal forms. The same seed gives the same names.</summary>
internal static class GeneratedNames
{
    private static readonly string[] Onsets = ["b", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "qu", "r", "s", "sh", "sk", "sl", "st", "str", "t", "th", "tr", "v", "w", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ei", "ie", "oa", "ou", "y"];
    private static readonly string[] Codas = ["", "", "", "b", "ck", "d", "l", "ll", "m", "n", "nd", "ng", "nt", "r", "rd", "rn", "rt", "s", "ss", "st", "t", "tt", "x"];

    private static readonly string[] Trades =
        ["Industries", "Systems", "Logistics", "Foods", "Energy", "Capital", "Partners", "Technologies", "Services", "Solutions", "Materials", "Consulting", "Engineering", "Trading", "Media", "Software", "Pharma", "Therapeutics", "Motors", "Textiles", "Packaging", "Insurance", "Properties", "Mining", "Chemicals", "Electronics", "Instruments", "Marine", "Aviation", "Robotics", "Design", "Printing", "Tools", "Hotels", "Farms", "Steel", "Plastics", "Networks", "Data", "Health"];

    private static readonly string[] Qualifiers =
        ["Global", "United", "National", "Northern", "Southern", "Pacific", "Atlantic", "European", "American", "General", "Advanced", "Applied", "First", "Royal", "Central", "International", "New", "Premier", "Allied", "Modern"];

    private static readonly string[] Forms = ["Inc.", "LLC", "Ltd", "Corp.", "GmbH", "S.A.", "B.V.", "AG", "plc", "Co."];

    public static IEnumerable<NamedEntity> Create(int count, int seed = 20261122)
    {
        var random = new Random(seed);
        var stems = Stems(random, Math.Max(1000, count / 12));
        var seen = new HashSet<string>(count, StringComparer.OrdinalIgnoreCase);
        for (var n = 0; n < count;)
        {
            var name = Compose(random, stems);
            if (seen.Add(name))
            {
                yield return new NamedEntity($"C-{n++}", name);
            }
        }
    }

    private static string Compose(Random random, string[] stems)
    {
        string Stem() => stems[random.Next(stems.Length)];
        string Of(string[] words) => words[random.Next(words.Length)];
        var core = random.Next(10) switch
        {
            0 => $"{Stem()} & {Stem()}",
            1 => $"{Of(Qualifiers)} {Stem()} {Of(Trades)}",
            2 => $"{Stem()} {Stem()}",
            3 => $"{Stem()} {Of(Trades)} {Of(Trades)}",
            4 => $"{Stem()} {Stem()} {Of(Trades)}",
            5 => $"{Stem()}, {Stem()} & {Stem()}",
            6 => $"{Stem()} {Of(Qualifiers)} {Of(Trades)}",
            7 => $"{Stem()} Group Holdings",
            _ => $"{Stem()} {Of(Trades)}",
        };
        return random.Next(5) == 0 ? core : $"{core} {Of(Forms)}";
    }

    private static string[] Stems(Random random, int count)
    {
        var stems = new HashSet<string>(count);
        while (stems.Count < count)
        {
            var stem = "";
            for (var syllables = random.Next(2, 4); syllables > 0; syllables--)
            {
                stem += Onsets[random.Next(Onsets.Length)] + Vowels[random.Next(Vowels.Length)] + (syllables == 1 || random.Next(3) == 0 ? Codas[random.Next(Codas.Length)] : "");
            }

            stems.Add(char.ToUpperInvariant(stem[0]) + stem[1..]);
        }

        return [.. stems];
    }
}
