using MathNet.Numerics.LinearAlgebra;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Tests.Statistics;

public sealed class StepEvidenceTests
{
    private const int Segment = 5;
    private const double StepVariance = 4;
    private const double WaveVariance = 0.15 * 0.15;

    /// <summary>Against the definition: integrated likelihoods of dense covariance matrices, the level flat, one autocorrelation.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.3, false)]
    [InlineData(-0.2, true)]
    [InlineData(0.5, true)]
    public void Of_KnownAutocorrelation_RatioOfIntegratedLikelihoods(double r, bool hasWave)
    {
        var random = new Random(31);
        for (var round = 0; round < 5; round++)
        {
            var scores = Scores(random, 20 + round, shift: 2);
            int[] days = hasWave ? [.. Enumerable.Range(0, scores.Length).Select(i => 11 * i)] : [];
            var none = Covariance(scores.Length, r, days);
            var wanted = Enumerable.Range(Segment, scores.Length - (2 * Segment) + 1).Max(split =>
                Likelihood(scores, none + (Step(scores.Length, split) * StepVariance / (1 - (r * r)))) - Likelihood(scores, none));

            var found = new StepEvidence(scores.Length, days, Segment, new AutocorrelationPrior(r, 0)).Of(scores, double.PositiveInfinity);

            Assert.Equal(wanted, found, 6);
        }
    }

    [Fact]
    public void Independent_AnySeries_EvidenceWithoutAutocorrelation()
    {
        var random = new Random(32);
        for (var round = 0; round < 50; round++)
        {
            var scores = Scores(random, 12 + round, shift: round % 3);

            Assert.Equal(new StepEvidence(scores.Length, [], Segment, default).Of(scores, double.PositiveInfinity), StepEvidence.Independent(scores, Squares(scores), Segment), 6);
        }
    }

    /// <summary>What lets permutations be passed over must never pass over one that is as clear.</summary>
    [Fact]
    public void LeastStatistic_AnySeries_NoLargerThanItsStatistic()
    {
        var random = new Random(33);
        for (var round = 0; round < 500; round++)
        {
            var scores = Scores(random, 10 + (round % 60), shift: round % 5);
            var n = scores.Length;
            var largest = Enumerable.Range(Segment, n - (2 * Segment) + 1).Max(k =>
                Math.Abs(scores[..k].Sum()) * Math.Sqrt((double)n * (n - 1) / ((double)k * (n - k) * Squares(scores))));

            Assert.InRange(StepEvidence.LeastStatistic(StepEvidence.Independent(scores, Squares(scores), Segment), n, Segment), 0, largest + 1e-9);
        }
    }

    /// <summary>What stable series of either kind show of a step is explained by their kind; a true step among independent values keeps more of its evidence.</summary>
    [Fact]
    public void Of_NeighboursAlikeOrASeason_LessThanForIndependentNoise()
    {
        var random = new Random(34);
        int[] days = [.. Enumerable.Range(0, 48).Select(i => 7 * i)];
        double alike = 0, alikeAsIndependent = 0, season = 0, seasonAsNone = 0, step = 0, stepAsIndependent = 0;
        for (var round = 0; round < 200; round++)
        {
            var noise = Series.Normal(random, 48, 0, 1);
            var state = noise[0];
            var resembling = Centred([.. noise.Select((value, i) => state = i == 0 ? value : (0.5 * state) + (Math.Sqrt(0.75) * value))]);
            var wave = Centred([.. noise.Select((value, i) => value + Math.Sin((2 * Math.PI * days[i] / 365.25) + round))]);
            var shifted = Centred([.. noise.Select((value, i) => value + (i < 36 ? 0 : 2))]);
            alike += Evidence(resembling, [], 0.2);
            alikeAsIndependent += Evidence(resembling, [], 0);
            season += Evidence(wave, days, 0);
            seasonAsNone += Evidence(wave, [], 0);
            step += Evidence(shifted, days, 0.2);
            stepAsIndependent += Evidence(shifted, [], 0);
        }

        Assert.True(alike < 0.6 * alikeAsIndependent, $"{alike} and {alikeAsIndependent}");
        Assert.True(season < 0.8 * seasonAsNone, $"{season} and {seasonAsNone}");
        Assert.True(step > 0.5 * stepAsIndependent, $"{step} and {stepAsIndependent}");

        static double Evidence(double[] scores, int[] days, double deviation) =>
            new StepEvidence(48, days, Segment, new AutocorrelationPrior(deviation, deviation)).Of(scores, double.PositiveInfinity);
    }

    private static double[] Scores(Random random, int length, double shift) =>
        Centred([.. Series.Normal(random, length, 0, 1).Select((value, i) => value + (i < length / 2 ? 0 : shift))]);

    private static double[] Centred(double[] values) => [.. values.Select(value => value - values.Average())];

    private static double Squares(double[] scores) => scores.Sum(score => score * score);

    private static Matrix<double> Covariance(int n, double r, int[] days) => Matrix<double>.Build.Dense(n, n, (i, j) =>
        (Math.Pow(r, Math.Abs(i - j)) + (days.Length == 0 ? 0 : WaveVariance * Math.Cos(2 * Math.PI * (days[i] - days[j]) / 365.25))) / (1 - (r * r)));

    private static Matrix<double> Step(int n, int split) => Matrix<double>.Build.Dense(n, n, (i, j) => i >= split && j >= split ? 1 : 0);

    private static double Likelihood(double[] scores, Matrix<double> covariance)
    {
        var (inverse, ones, values) = (covariance.Inverse(), Vector<double>.Build.Dense(scores.Length, 1), Vector<double>.Build.Dense(scores));
        var level = ones * inverse * ones;
        var left = (values * inverse * values) - (Math.Pow(ones * inverse * values, 2) / level);
        return -0.5 * (Math.Log(covariance.Determinant()) + Math.Log(level) + ((scores.Length - 1) * Math.Log(left)));
    }
}
