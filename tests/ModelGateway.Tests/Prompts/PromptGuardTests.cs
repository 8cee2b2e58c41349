using Platform.ModelGateway.Prompts;

namespace Platform.ModelGateway.Tests.Prompts;

/// <summary>What the guard promises, by simulation: it looks after every 20 calls.</summary>
public sealed class PromptGuardTests
{
    private const int Simulations = 400;
    private const int Calls = 3000;
    private const int Between = 20;

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.9, 0.5)]
    [InlineData(0.98, 0.5)]
    [InlineData(0.9, 0.1)]
    public void ClearlyWorse_EqualVersions_ArePausedNoMoreOftenThanPromised(double rate, double share)
    {
        var guard = new PromptGuardOptions { FalsePauses = 0.05, MinimumExecutions = 1, MinimumDifference = 0 };

        var paused = Paused(guard, rate, rate, share, seed: 17);

        // 99.9 % of samples of 400 with a true rate of 5 % have at most 34.
        Assert.InRange(paused.Count, 0, 34);
    }

    [Theory]
    [InlineData(0.95, 0.80, 0.95)]
    [InlineData(0.90, 0.60, 0.99)]
    public void ClearlyWorse_WorseVersion_IsPaused(double better, double worse, double power)
    {
        var paused = Paused(new PromptGuardOptions(), better, worse, share: 0.5, seed: 5);

        Assert.InRange(paused.Count, Simulations * power, Simulations);
        Assert.All(paused, one => Assert.Equal(2, one.Version));
    }

    [Fact]
    public void ClearlyWorse_SmallDifference_IsLeftAlone()
    {
        (int, Trials)[] active = [(1, new Trials(990_000, 10_000)), (2, new Trials(980_001, 19_999))];

        Assert.Null(PromptGuard.ClearlyWorse(active, new PromptGuardOptions()));
        Assert.Equal(2, PromptGuard.ClearlyWorse(active, new PromptGuardOptions { MinimumDifference = 0.001 })?.Version);
    }

    [Fact]
    public void ClearlyWorse_FewExecutions_IsLeftAlone()
    {
        Assert.Null(PromptGuard.ClearlyWorse([(1, new Trials(99, 0)), (2, new Trials(0, 99))], new PromptGuardOptions()));
        Assert.Equal(2, PromptGuard.ClearlyWorse([(1, new Trials(100, 0)), (2, new Trials(0, 100))], new PromptGuardOptions())?.Version);
    }

    private static List<(int Version, int Calls)> Paused(PromptGuardOptions guard, double first, double second, double share, int seed)
    {
        var paused = new List<(int, int)>();
        for (var simulation = 0; simulation < Simulations; simulation++)
        {
            var random = new Random(seed + (simulation * 7919));
            Trials one = default, two = default;
            for (var call = 1; call <= Calls; call++)
            {
                var isSecond = random.NextDouble() < share;
                var succeeded = random.NextDouble() < (isSecond ? second : first);
                (one, two) = isSecond ? (one, Add(two, succeeded)) : (Add(one, succeeded), two);
                if (call % Between == 0 && PromptGuard.ClearlyWorse([(1, one), (2, two)], guard) is { } worse)
                {
                    paused.Add((worse.Version, call));
                    break;
                }
            }
        }

        return paused;
    }

    private static Trials Add(Trials trials, bool succeeded) =>
        succeeded ? trials with { Successes = trials.Successes + 1 } : trials with { Failures = trials.Failures + 1 };
}
