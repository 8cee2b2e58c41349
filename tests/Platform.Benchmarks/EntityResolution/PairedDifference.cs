using System.Globalization;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>
/// By how much one matcher is ahead of another on the same texts, with the interval that 95 of 100 repeated drawings of the texts fall
/// into (paired bootstrap). Texts of one entity are drawn together, since they are not independent of each other.
/// </summary>
/// <param name="Difference">Of the whole, in shares: 0.01 is one of a hundred.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
internal sealed record PairedDifference(double Difference, double Low, double High)
{
    private const int Drawings = 2_000;
    private const double Outside = 0.025;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Difference:+0.000;-0.000;0.000} ({Low:+0.000;-0.000;0.000} to {High:+0.000;-0.000;0.000})");

    /// <summary>Top-1, then F1, of the half that no threshold was chosen on.</summary>
    public static (PairedDifference Top1, PairedDifference F1) Between(IReadOnlyList<Judged> one, IReadOnlyList<Judged> other)
    {
        var (threshold, otherThreshold) = (MatchingFigures.BestThreshold([.. one.Where(j => j.Label.IsTraining)]), MatchingFigures.BestThreshold([.. other.Where(j => j.Label.IsTraining)]));
        var groups = one.Zip(other)
            .Where(pair => !pair.First.Label.IsTraining)
            .GroupBy(pair => pair.First.Label.Right.Count == 0 ? pair.First.Label.Text : string.Join('|', pair.First.Label.Right.Order(StringComparer.Ordinal)))
            .Select(group => (Ours: Sums.Of(group.Select(p => p.First), threshold), Theirs: Sums.Of(group.Select(p => p.Second), otherThreshold)))
            .ToArray();
        var random = new Random(20261122);
        var drawn = Enumerable.Range(0, Drawings).Select(_ => Ahead(groups, () => random.Next(groups.Length))).ToList();
        var next = 0;
        var whole = Ahead(groups, () => next++);
        return (Of(whole.Top1, drawn.Select(d => d.Top1)), Of(whole.F1, drawn.Select(d => d.F1)));
    }

    /// <summary>Texts that only the one names rightly, and only the other.</summary>
    public static (int One, int Other) OnlyRight(IReadOnlyList<Judged> one, IReadOnlyList<Judged> other)
    {
        var pairs = one.Zip(other).Where(pair => !pair.First.Label.IsTraining).ToList();
        return (pairs.Count(p => p.First.IsRight && !p.Second.IsRight), pairs.Count(p => p.Second.IsRight && !p.First.IsRight));
    }

    private static (double Top1, double F1) Ahead((Sums Ours, Sums Theirs)[] groups, Func<int> draw)
    {
        var (ours, theirs) = (default(Sums), default(Sums));
        for (var n = 0; n < groups.Length; n++)
        {
            var group = groups[draw()];
            (ours, theirs) = (ours.With(group.Ours), theirs.With(group.Theirs));
        }

        return (ours.Top1 - theirs.Top1, ours.F1 - theirs.F1);
    }

    private static PairedDifference Of(double whole, IEnumerable<double> drawn)
    {
        var ascending = drawn.Order().ToList();
        return new PairedDifference(whole, MatchingFigures.Percentile(ascending, Outside), MatchingFigures.Percentile(ascending, 1 - Outside));
    }

    private readonly record struct Sums(int Held, int Best, int Answered, int Right)
    {
        public double Top1 => Held == 0 ? 0 : (double)Best / Held;

        public double F1 => Answered + Held == 0 ? 0 : 2.0 * Right / (Answered + Held);

        public static Sums Of(IEnumerable<Judged> judged, double threshold)
        {
            var sums = default(Sums);
            foreach (var one in judged)
            {
                var isAnswered = one.Found.Id is not null && one.Found.Score >= threshold;
                sums = sums.With(new Sums(one.Label.Right.Count > 0 ? 1 : 0, one.IsRight ? 1 : 0, isAnswered ? 1 : 0, isAnswered && one.IsRight ? 1 : 0));
            }

            return sums;
        }

        public Sums With(in Sums other) => new(Held + other.Held, Best + other.Best, Answered + other.Answered, Right + other.Right);
    }
}
