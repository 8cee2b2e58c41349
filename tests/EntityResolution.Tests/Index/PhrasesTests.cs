using Platform.EntityResolution.Index;

namespace Platform.EntityResolution.Tests.Index;

public sealed class PhrasesTests
{
    private static readonly NameIndex Sites = IndexedNames.Of(
        [.. Enumerable.Range(0, 20).Select(n => $"Otter Lane House Site{n}x"), .. Enumerable.Range(0, 500).Select(n => $"Other{n} Trading"), "Kestrel Aviation", "Otter Ford"]);

    [Fact]
    public void Repeated_WordsOfAFamily_SayNearlyAllTwice() =>
        Assert.InRange(Repeated("otter", "lane"), 0.8f * Sites.WeightOf("lane"), Sites.WeightOf("lane"));

    [Theory]
    [InlineData("kestrel", "aviation")]
    [InlineData("lane", "otter")]
    [InlineData("otter", "ford")]
    [InlineData("otter", "unknown")]
    public void Repeated_WordsOfOneNameOrNone_SayNothingTwice(string first, string second) => Assert.Equal(0, Repeated(first, second));

    [Fact]
    public void Repeated_AnyNeighbours_IsNeverMoreThanTheSecondWordTells()
    {
        for (var row = 0; row < Sites.Rows.Count; row++)
        {
            var words = Sites.Rows.WordsOf(row);
            for (var i = 1; i < words.Length; i++)
            {
                Assert.InRange(Sites.Repeated(words[i - 1], words[i]), 0, Sites.WeightOf(words[i]) + 0.001f);
            }
        }
    }

    private static float Repeated(string first, string second) => Sites.Repeated(Sites.Words.Find(first), Sites.Words.Find(second));
}
