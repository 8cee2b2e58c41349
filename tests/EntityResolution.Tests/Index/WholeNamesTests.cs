using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Tests.Index;

public sealed class WholeNamesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_AnyText_GivesAllNamesWithinTheEdits(int seed)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(0, 600).Select(_ => Letters(random, random.Next(5, 16))).Distinct().ToList();
        var index = IndexedNames.Of(names);
        foreach (var name in names)
        {
            var text = Slipped(Slipped(name, random), random);
            var allowed = WholeNames.AllowedEdits(text.Length);
            var expected = names.Where(n => n.Length >= 4 && EditDistance.Between(text, n, 3) <= allowed).Order(StringComparer.Ordinal);
            var found = new List<(int Edits, int Row)>();
            index.Whole.Find(text, found);
            Assert.Equal(expected, found.Select(f => index.NameOf(f.Row)).Order(StringComparer.Ordinal));
            Assert.All(found, f => Assert.Equal(EditDistance.Between(text, index.NameOf(f.Row), 3), f.Edits));
        }
    }

    [Theory]
    [InlineData("deltaindustriesinc", 0)]
    [InlineData("deltaindustries", 0)]
    [InlineData("dletaindustriesic", 2)]
    public void Find_WithOrWithoutItsForm_GivesTheName(string text, int edits)
    {
        var found = new List<(int Edits, int Row)>();
        IndexedNames.Of("Delta Industries, Inc.", "Omega").Whole.Find(text, found);
        Assert.Equal((edits, 0), Assert.Single(found));
    }

    [Fact]
    public void Find_VeryLongOrShortText_GivesNothing()
    {
        var index = IndexedNames.Of("abc", new string('a', 200));
        var found = new List<(int Edits, int Row)>();
        index.Whole.Find("abc", found);
        index.Whole.Find(new string('a', 200), found);
        Assert.Empty(found);
    }

    [Fact]
    public void Likeness_Trigrams_DoNotDependOnTheOrderOfWords()
    {
        Assert.Equal(1, Of("delta works").Likeness(Of("works delta")));
        Assert.InRange(Of("delta works").Likeness(Of("delta wroks")), 0.3f, 0.9f);
        Assert.Equal(0, Of("delta").Likeness(Of("")));
    }

    private static Trigrams Of(string text)
    {
        var trigrams = default(Trigrams);
        trigrams.Read(text);
        return trigrams;
    }

    private static string Letters(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "zxqkjwvyhg"[random.Next(10)]));

    /// <summary>A letter more, less or another one; swaps across the border of two parts are more than this way of looking finds.</summary>
    private static string Slipped(string text, Random random)
    {
        var at = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, "z"),
            _ => string.Concat(text.AsSpan(0, at), "q", text.AsSpan(at + 1)),
        };
    }
}
