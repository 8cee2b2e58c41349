using Platform.ModelGateway.Prompts;

namespace Platform.ModelGateway.Tests.Prompts;

public sealed class StatisticalTestsTests
{
    [Theory]
    // The first three examples of Newcombe (1998), table II, method 10.
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void SuccessInterval_PublishedExamples_AreMet(int successes, int of, int baseSuccesses, int baseOf, double low, double high)
    {
        var interval = StatisticalTests.SuccessInterval(new Trials(baseSuccesses, baseOf - baseSuccesses), new Trials(successes, of - successes));

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void SuccessPValue_KnownCase_IsTheTextbooks()
    {
        // z = 0.2 / sqrt(0.6933 × 0.3067 × (1/70 + 1/80)) = 2.6499
        Assert.Equal(0.00805, StatisticalTests.SuccessPValue(new Trials(48, 32), new Trials(56, 14)), 4);
        Assert.Equal(1, StatisticalTests.SuccessPValue(new Trials(10, 0), new Trials(10, 0)));
    }

    [Fact]
    public void MannWhitney_SeparatedSamples_LeaveNoDoubt()
    {
        var (larger, pValue) = StatisticalTests.MannWhitney([.. Enumerable.Range(0, 50)], [.. Enumerable.Range(100, 50)]);

        Assert.Equal(1, larger);
        Assert.True(pValue < 1e-10);
        Assert.Equal((0.5, 1.0), StatisticalTests.MannWhitney([5, 5, 5], [5, 5, 5]));
    }

    [Fact]
    public void MannWhitney_EqualVersions_IsSignificantAsOftenAsItSays()
    {
        var random = new Random(23);
        var significant = Enumerable.Range(0, 1000).Count(_ => StatisticalTests.MannWhitney(Sample(random), Sample(random)).PValue < 0.05);

        Assert.InRange(significant, 25, 75);

        // Coarse values, so that there are ties.
        static int[] Sample(Random random) => [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 20) * 10)];
    }

    [Fact]
    public void Holm_SeveralValues_AreAdjustedInOrder()
    {
        Assert.Equal([0.03, 0.06, 0.06], StatisticalTests.Holm([0.01, 0.04, 0.03]).Select(value => Math.Round(value, 10)));
    }
}
