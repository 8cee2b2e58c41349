using Platform.PatternAnalysis.Histories;
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

    /// <summary>Customers whose payments resemble their neighbours', among others that do too: no more alarms than promised, whatever the series itself shows.</summary>
    [Fact]
    public void Find_NeighboursAlikeAmongPeersAlike_FalseAlarmsAsPromised()
    {
        var random = new Random(16);
        var peers = Peers(random, 0.3);
        const int rounds = 800;
        var (alone, among) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var values = Autocorrelated(random, 48, 0.3);
            alone += RankScan.Find(values, 5, 1999, 1).PValue <= 0.05 ? 1 : 0;
            among += RankScan.Find(values, [], [], 5, 1999, 1, peers).PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(peers.Mean, 0.2, 0.35);
        Assert.InRange((double)among / rounds, 0.01, 0.081);
        Assert.True(among < alone, $"{among} alarms among peers, {alone} alone");
    }

    [Fact]
    public void Find_PlantedShiftAmongIndependentPeers_FoundMoreOften()
    {
        var random = new Random(17);
        var peers = Peers(random, 0);
        const int rounds = 400;
        var (alone, among) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            double[] values = [.. Series.Normal(random, 36, 2, 4), .. Series.Normal(random, 10, 9, 4)];
            alone += RankScan.Find(values, 5, 1999, 1).PValue <= 0.007 ? 1 : 0;
            among += RankScan.Find(values, [], [], 5, 1999, 1, peers).PValue <= 0.007 ? 1 : 0;
        }

        Assert.InRange(peers.Mean, -0.05, 0.05);
        Assert.InRange(peers.Variance, 0, 0.006);
        Assert.True(among >= alone + (rounds / 40), $"{among} found among peers, {alone} alone");
    }

    [Fact]
    public void Fit_TooFewCustomers_Nothing()
    {
        (double, int)[] customers = [.. Enumerable.Repeat((0.3, 48), AutocorrelationPeers.FewestCustomers)];

        Assert.Null(AutocorrelationPeers.Fit(customers[1..]));
        Assert.Equal(new AutocorrelationPeers(0.3, 0), AutocorrelationPeers.Fit(customers)! with { Mean = 0.3 });
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

    private static AutocorrelationPeers Peers(Random random, double r) =>
        AutocorrelationPeers.Fit([.. Enumerable.Range(0, 200).Select(_ => (RankScan.Autocorrelation(Autocorrelated(random, 48, r), [], 5), 48))])!;

    private static double[] Autocorrelated(Random random, int length, double r)
    {
        var noise = Series.Normal(random, length, 0, 1);
        for (var i = 1; i < length; i++)
        {
            noise[i] = (r * noise[i - 1]) + (Math.Sqrt(1 - (r * r)) * noise[i]);
        }

        return [.. noise];
    }
}
