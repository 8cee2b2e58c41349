using Platform.Benchmarks.Pii;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>Q7. <c>tests/Platform.Benchmarks -- pii</c> prints the figures by type and what was missed.</summary>
public sealed class PiiQualityTests
{
    private static readonly Lazy<List<LabelledText>> Texts = new(() => LabelledText.Read(TestData.Find("safety/pii_public.jsonl")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Find_LabelledTexts_ReachesTheFloorsOnEitherHalf(bool tuning)
    {
        var score = PiiScore.Of(Finder.All, Texts.Value.Where(text => text.IsTuning == tuning));

        Assert.True(score.StructuredRecall >= 0.99 && score.StructuredPrecision >= 0.98, score.Describe());
        Assert.True(score.F2 >= 0.9 && score.Precision >= 0.93, score.Describe());
    }

    [Fact]
    public void Find_HalfOfTheTexts_SharesNoTemplateWithTheOther() =>
        Assert.Empty(Texts.Value.Where(text => text.IsTuning).Select(text => text.Template).Intersect(Texts.Value.Where(text => !text.IsTuning).Select(text => text.Template)));
}
