using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Tests.Statistics;

public sealed class ProportionTestsTests
{
    // Published examples: Fisher's tea tasting (34/70), and the table 8-2 / 1-5.
    [Theory]
    [InlineData(3, 4, 1, 4, 0.485714)]
    [InlineData(8, 10, 1, 6, 0.034965)]
    [InlineData(0, 10, 0, 10, 1.0)]
    [InlineData(5, 10, 5, 10, 1.0)]
    public void FisherExact_KnownTables_PublishedValues(int hits1, int total1, int hits2, int total2, double expected) =>
        Assert.Equal(expected, ProportionTests.FisherExact(hits1, total1, hits2, total2), 5);

    // Newcombe (1998), table II: 56/70 against 48/80 and 9/10 against 3/10 by method 10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    public void Newcombe_PublishedExamples_PublishedIntervals(int hits1, int total1, int hits2, int total2, double low, double high)
    {
        var interval = ProportionTests.Newcombe(hits1, total1, hits2, total2);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void FisherExact_SharesSwapped_SameProbability()
    {
        for (var hits = 0; hits <= 12; hits++)
        {
            Assert.Equal(ProportionTests.FisherExact(hits, 12, 5, 40), ProportionTests.FisherExact(5, 40, hits, 12), 10);
        }
    }
}
