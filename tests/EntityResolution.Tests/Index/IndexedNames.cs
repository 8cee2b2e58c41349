using Platform.EntityResolution.Index;

namespace Platform.EntityResolution.Tests.Index;

/// <summary>Indexes of names for tests: the id of a name is its place.</summary>
internal static class IndexedNames
{
    public static NameIndex Of(params IReadOnlyList<string> names)
    {
        var builder = new NameIndexBuilder();
        for (var n = 0; n < names.Count; n++)
        {
            builder.Add($"C-{n}", names[n]);
        }

        return builder.Build();
    }

    public static string? Best(NameIndex index, string text) => NameSearch.Find(index, text, 5) is [var best, ..] ? index.NameOf(best.Row) : null;

    /// <summary>Names of two or three made-up words with usual company words between them.</summary>
    public static List<string> Random(int count, int seed)
    {
        var random = new Random(seed);
        string[] common = ["Group", "Holdings", "Systems", "Foods", "Energy", "Bank of", "& Sons"];
        string[] forms = ["Inc", "GmbH", "S.A.", "", "Ltd"];
        return [.. Enumerable.Range(0, count).Select(_ => $"{Word()} {(random.Next(2) == 0 ? Word() : common[random.Next(common.Length)])} {(random.Next(3) == 0 ? Word() : "")} {forms[random.Next(forms.Length)]}")];

        string Word() => string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{"bcdfghklmnprstvz"[random.Next(16)]}{"aeiou"[random.Next(5)]}"));
    }
}
