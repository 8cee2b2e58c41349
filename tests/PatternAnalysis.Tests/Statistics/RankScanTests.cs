using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Tests.Statistics;

public sealed class RankScanTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(80)]
    public void Find_StableSeries_FalseAlarmsAsPromised(int length)
    {
        var random = new Random(11);
        const int rounds = 800;
        var alarms = Enumerable.Range(0, rounds).Count(_ => RankScan.Find(Series.Normal(random, length, 3, 6), 5, 1999, 1).PValue <= 0.05);

        // 5 % promised; four standard deviations of a share of 5 % among 800.
        Assert.InRange((double)alarms / rounds, 0.02, 0.081);
    }

    [Fact]
    public void Find_StableButSkewedAndTied_FalseAlarmsAsPromised()
    {
        var random = new Random(12);
        const int rounds = 800;
        var alarms = Enumerable.Range(0, rounds).Count(_ =>
            RankScan.Find([.. Enumerable.Range(0, 30).Select(_ => Math.Max(0, Math.Round(Series.Exponential(random, 6) - 4)))], 5, 1999, 1).PValue <= 0.05);

        Assert.InRange((double)alarms / rounds, 0.02, 0.081);
    }

    [Fact]
    public void Find_PlantedShift_FoundNearItsPlace()
    {
        var random = new Random(13);
        const int rounds = 300;
        var found = 0;
        var near = 0;
        for (var round = 0; round < rounds; round++)
        {
            var point = RankScan.Find([.. Series.Normal(random, 24, 2, 4), .. Series.Normal(random, 12, 10, 4)], 5, 1999, 1);
            found += point.PValue <= 0.01 ? 1 : 0;
            near += Math.Abs(point.Index - 24) <= 3 ? 1 : 0;
        }

        Assert.InRange((double)found / rounds, 0.9, 1);
        Assert.InRange((double)near / rounds, 0.9, 1);
    }

    [Fact]
    public void Find_OneWildValue_NoAlarm()
    {
        var values = Series.Normal(new Random(14), 30, 2, 3);
        values[20] = 400;

        Assert.InRange(RankScan.Find(values, 5, 1999, 1).PValue, 0.05, 1);
    }

    [Fact]
    public void Find_AllEqual_NoAlarm() => Assert.Equal(1, RankScan.Find([.. Enumerable.Repeat(3.0, 20)], 5, 999, 1).PValue, 6);

    [Fact]
    public void Find_SameData_SameAnswer()
    {
        var values = Series.Normal(new Random(15), 40, 2, 3);

        Assert.Equal(RankScan.Find(values, 5, 999, 3), RankScan.Find(values, 5, 999, 3));
    }

    [Fact]
    public void Find_TooShort_Refused() => Assert.Throws<ArgumentException>(() => RankScan.Find([1, 2, 3], 5, 999, 1));
}
