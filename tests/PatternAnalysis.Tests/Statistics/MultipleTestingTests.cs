using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Tests.Statistics;

public sealed class MultipleTestingTests
{
    [Fact]
    public void Holm_ThreeTests_StepDown()
    {
        var adjusted = MultipleTesting.Holm([0.04, 0.01, 0.03], 3);

        Assert.Equal([0.06, 0.03, 0.06], adjusted.Select(p => Math.Round(p, 6)));
    }

    [Fact]
    public void Holm_TestsThatDidNotRun_CountAsOne() => Assert.Equal(0.04, MultipleTesting.Holm([0.01], 4)[0], 6);

    [Theory]
    [InlineData(0.05, 0.711)]
    [InlineData(0.01, 0.889)]
    [InlineData(0.001, 0.982)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.0, 1.0)]
    public void Confidence_KnownProbabilities_BoundOfSellke(double p, double expected) => Assert.Equal(expected, MultipleTesting.Confidence(p), 3);
}
