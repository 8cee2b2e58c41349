using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Tests.Statistics;

public sealed class RobustTests
{
    [Fact]
    public void Deviation_OneWildValue_Unmoved()
    {
        double[] calm = [9, 10, 10, 11, 12, 8, 10, 9, 11];

        Assert.Equal(1.4826, RobustScale.Deviation(calm), 4);
        Assert.Equal(1.4826, RobustScale.Deviation([.. calm[..^1], 1e6]), 4);
    }

    [Fact]
    public void Deviation_MostValuesEqual_MeanAbsoluteDeviation() => Assert.Equal(1.2533 * 0.2, RobustScale.Deviation([5, 5, 5, 5, 6]), 4);

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1.0, 4)]
    public void Quantile_FourValues_Interpolated(double share, double expected) => Assert.Equal(expected, RobustScale.Quantile([4, 1, 3, 2], share), 10);

    [Fact]
    public void HodgesLehmann_ShiftedCopies_ExactShiftInsideInterval()
    {
        var before = Enumerable.Range(0, 25).Select(i => (double)(i * 7 % 25)).ToList();

        var shift = ShiftEstimate.HodgesLehmann(before, [.. before.Select(value => value + 6)]);

        Assert.Equal(6, shift.Shift, 10);
        Assert.InRange(6, shift.Low, shift.High);
        Assert.InRange(shift.High - shift.Low, 1, 12);
    }

    [Fact]
    public void HodgesLehmann_ManySamples_IntervalCoversTruthNineteenTimesInTwenty()
    {
        var random = new Random(7);
        var covered = 0;
        const int rounds = 600;
        for (var round = 0; round < rounds; round++)
        {
            var estimate = ShiftEstimate.HodgesLehmann(Series.Normal(random, 18, 0, 5), Series.Normal(random, 12, 4, 5));
            covered += estimate.Low <= 4 && estimate.High >= 4 ? 1 : 0;
        }

        Assert.InRange((double)covered / rounds, 0.92, 0.98);
    }
}
