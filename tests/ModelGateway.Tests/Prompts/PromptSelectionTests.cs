using MathNet.Numerics.Distributions;
using Platform.ModelGateway.Prompts;

namespace Platform.ModelGateway.Tests.Prompts;

public sealed class PromptSelectionTests
{
    private const int Sessions = 50_000;

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.2, 0.8)]
    [InlineData(0.1, 0.3, 0.6)]
    [InlineData(0.01, 0.99)]
    public void Choose_ManySessions_FollowTheWeights(params double[] weights)
    {
        var active = Active(weights);
        var chosen = Enumerable.Range(0, Sessions).CountBy(session => Choose(active, session)).ToDictionary();

        var chiSquare = weights.Select((weight, index) => Math.Pow(chosen.GetValueOrDefault(index + 1) - (Sessions * weight), 2) / (Sessions * weight)).Sum();

        Assert.True(1 - ChiSquared.CDF(weights.Length - 1, chiSquare) > 0.001, $"χ² = {chiSquare:0.0}");
    }

    [Fact]
    public void Choose_SameSession_IsSticky()
    {
        var active = Active(0.3, 0.7);

        Assert.All(Enumerable.Range(0, 200), session => Assert.Equal(Choose(active, session), Choose([.. active.Reverse()], session)));
    }

    [Fact]
    public void Choose_WeightsChange_MovesOnlyWhoMust()
    {
        var before = Active(0.5, 0.5);
        var after = Active(0.4, 0.6);

        var moves = Enumerable.Range(0, Sessions).Select(session => (From: Choose(before, session), To: Choose(after, session))).Where(move => move.From != move.To).ToArray();

        Assert.All(moves, move => Assert.Equal((1, 2), move));
        Assert.InRange(moves.Length, (int)(Sessions * 0.095), (int)(Sessions * 0.105));
    }

    [Fact]
    public void Choose_VersionIsAdded_TakesFromAllAndMovesNobodyElse()
    {
        var before = Active(0.5, 0.5);
        var after = Active(0.4, 0.4, 0.2);

        var moves = Enumerable.Range(0, Sessions).Select(session => (From: Choose(before, session), To: Choose(after, session))).Where(move => move.From != move.To).ToArray();

        Assert.All(moves, move => Assert.Equal(3, move.To));
        Assert.InRange(moves.Length, (int)(Sessions * 0.19), (int)(Sessions * 0.21));
    }

    [Fact]
    public void Share_AnyWeights_AddUpExactly()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var versions = Enumerable.Range(1, random.Next(1, 8)).Select(version => (version, random.Next(3) == 0 ? (decimal?)null : random.Next(0, 101) / 100m)).ToArray();
            var total = random.Next(1, 101) / 100m;

            var shared = PromptWeights.Share(versions, total);

            Assert.Equal(total, shared.Sum(one => one.Weight));
            Assert.All(shared, one => Assert.InRange(one.Weight!.Value, 0, 1));
        }
    }

    private static int Choose(IReadOnlyList<Prompt> active, int session) => PromptSelection.Choose(active, $"acme|intent|s-{session}").Version;

    private static Prompt[] Active(params double[] weights) =>
        [.. weights.Select((weight, index) => new Prompt { Name = "intent", Version = index + 1, Content = "", Weight = weight })];
}
