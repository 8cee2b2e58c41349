using Platform.EntityResolution.Index;

namespace Platform.EntityResolution.Tests.Index;

public sealed class NameCompletionTests
{
    private static readonly NameIndex Companies = IndexedNames.Of(
        "Delta", "Delta Industries Inc", "Delta Logistics GmbH", "Big Delta Works", "Microsoft Corp", "Soft Cushions Ltd", "Deltona Farms", "Müller Technik", "Industrial Bank");

    [Theory]
    [InlineData("delta", "Delta", "Delta Industries Inc")]
    [InlineData("delta in", "Delta Industries Inc")]
    [InlineData("Delta Industries I", "Delta Industries Inc")]
    [InlineData("works delta", "Big Delta Works")]
    [InlineData("soft", "Soft Cushions Ltd", "Microsoft Corp")]
    [InlineData("mull", "Müller Technik")]
    [InlineData("micorso", "Microsoft Corp")]
    [InlineData("delta lgoi", "Delta Logistics GmbH")]
    [InlineData("dleta industries", "Delta Industries Inc")]
    [InlineData("zzzz")]
    [InlineData("")]
    public void Find_Typed_GivesNamesThatBeginSoFirst(string typed, params string[] first)
    {
        var names = NameCompletion.Find(Companies, typed, 10).Select(c => Companies.NameOf(c.Row)).ToList();
        Assert.Equal(first, names.Take(first.Length));
    }

    [Fact]
    public void Find_EveryBeginningOfEveryName_HoldsTheNameWhenFewBeginSo()
    {
        var names = IndexedNames.Random(300, 8);
        var index = IndexedNames.Of(names);
        foreach (var name in names)
        {
            for (var typed = 4; typed <= name.Length; typed++)
            {
                var found = NameCompletion.Find(index, name[..typed], 300).Select(c => index.NameOf(c.Row));
                Assert.Contains(name, found);
            }
        }
    }

    [Fact]
    public void Find_MoreThanAsked_GivesTheShortestOfTheBestKind()
    {
        var names = Enumerable.Range(0, 500).Select(n => $"Delta {new string('x', n % 50 + 1)}{n}").ToList();
        var found = NameCompletion.Find(IndexedNames.Of(names), "del", 10);
        Assert.Equal(names.Select(n => n.Length).Order().Take(10), found.Take(10).Select(c => c.NameLength));
    }
}
