namespace Platform.PatternAnalysis.Statistics;

/// <summary>How much neighbours in a series may resemble each other before it is looked at: a normal prior of the first-order autocorrelation.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Deviation">Its standard deviation; 0: the autocorrelation is known.</param>
internal readonly record struct AutocorrelationPrior(double Mean, double Deviation);

/// <summary>
/// How much better one step of level explains a series than none does: the logarithm of a Bayes factor, the largest over all splits. Both explanations have a level,
/// a wave over the year of unknown phase and, as noise, a first-order autoregression. Neither the autocorrelation nor the wave is estimated and then believed: they are averaged over, each
/// value counting as far as it explains the series, so that a step has to beat the chance that neighbours resemble each other, and neither a doubtful
/// estimate of it nor a wave that is not there costs more than its doubt. Level flat, variance σ² ∝ 1/σ², step normal with standard deviation 2σ, both terms of the wave 0.15 σ
/// (a g-prior and conjugate regression: Zellner 1986; Liang and others, Journal of the American Statistical Association 103, 2008). The Bayes factor
/// is a statistic here and no more: how surprising it is, permutations tell.
/// </summary>
internal sealed class StepEvidence
{
    private const double Year = 365.25;
    private const double Wave = 0.15;
    private const double Least = -0.3;
    private const double Most = 0.9;

    // Variance of the step in σ².
    private const double Step = 4;

    // Places of the autocorrelation in standard deviations of its prior.
    private static readonly double[] Places = [-2, -4.0 / 3, -2.0 / 3, 0, 2.0 / 3, 4.0 / 3, 2];

    private readonly int minimumSegment;
    private readonly Noise[] noises;
    private readonly double[] logarithms;
    private readonly double[] sums;

    /// <param name="length">Of the series.</param>
    /// <param name="days">Of each observation, for the wave; empty: there is none.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the step.</param>
    /// <param name="prior">How much neighbours may resemble each other.</param>
    public StepEvidence(int length, ReadOnlySpan<int> days, int minimumSegment, AutocorrelationPrior prior)
    {
        this.minimumSegment = minimumSegment;
        double[] places = prior.Deviation > 1e-3 ? Places : [0];
        noises = new Noise[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            noises[i] = new Noise(Math.Clamp(prior.Mean + (places[i] * prior.Deviation), Least, Most), -places[i] * places[i] / 2, length, days, minimumSegment);
        }

        (logarithms, sums) = (new double[noises.Length], new double[length]);
    }

    /// <summary>The largest logarithm over all splits, at most the one of independent values without a wave.</summary>
    /// <param name="scores">In order of time, mean 0.</param>
    /// <param name="independent">Largest logarithm for independent values, see <see cref="Independent"/>.</param>
    public double Of(ReadOnlySpan<double> scores, double independent)
    {
        var none = double.NegativeInfinity;
        for (var i = 0; i < noises.Length; i++)
        {
            logarithms[i] = noises[i].Without(scores);
            none = Math.Max(none, logarithms[i]);
        }

        var total = 0.0;
        Array.Clear(sums);
        for (var i = 0; i < noises.Length; i++)
        {
            var weight = Math.Exp(logarithms[i] - none);
            total += weight;
            noises[i].AddSteps(weight, sums, minimumSegment);
        }

        return Math.Min(independent, Math.Log(sums.Max() / total));
    }

    /// <summary>The largest logarithm over all splits for independent values without a wave.</summary>
    /// <param name="scores">In order of time, mean 0.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the step.</param>
    public static double Independent(ReadOnlySpan<double> scores, double squares, int minimumSegment)
    {
        var (n, sum, most) = (scores.Length, 0.0, double.NegativeInfinity);
        for (var k = 1; k <= n - minimumSegment; k++)
        {
            sum += scores[k - 1];
            if (k >= minimumSegment)
            {
                var information = (double)k * (n - k) / n;
                most = Math.Max(most, Gain(information, sum * sum / ((information + (1 / Step)) * squares), n));
            }
        }

        return most;
    }

    /// <summary>No order of scores whose largest standardised sum is below this has the evidence: the inverse of <see cref="Independent"/>, at most.</summary>
    public static double LeastStatistic(double evidence, int n, int minimumSegment)
    {
        var (least, most) = ((double)minimumSegment * (n - minimumSegment) / n, n / 4.0);
        var explained = 1 - Math.Exp(-2 * (evidence + (0.5 * Math.Log(1 + (Step * least)))) / (n - 1));
        return Math.Sqrt(Math.Max(0, explained) * (n - 1) * (most + (1 / Step)) / most);
    }

    private static double Gain(double information, double explained, int n) =>
        (-0.5 * Math.Log(1 + (Step * information))) - (0.5 * (n - 1) * Math.Log(Math.Max(1e-12, 1 - explained)));

    /// <summary>One autocorrelation: what does not depend on the series is computed once.</summary>
    private sealed class Noise
    {
        private readonly double r;
        private readonly double first;
        private readonly double constant;
        private readonly double step;

        // Level and wave, made independent and orthonormal.
        private readonly double[][] terms;

        // For each split the part of the step on each term, its information beside them, and what it costs to have it.
        private readonly double[][] overlaps;
        private readonly double[] information;
        private readonly double[] costs;

        private readonly double[] whitened;
        private readonly double[] onTerms;
        private double residual;

        public Noise(double r, double logWeight, int n, ReadOnlySpan<int> days, int minimumSegment)
        {
            (this.r, first) = (r, Math.Sqrt(1 - (r * r)));

            // All is in units of the innovations, whose variance is σ² (1 − r²).
            step = Step / (1 - (r * r));
            var wave = Wave * Wave / (1 - (r * r));
            var columns = Columns(n, days);
            terms = new double[columns.Length][];
            var logDeterminant = Orthogonalize(columns, wave);
            constant = logWeight + (0.5 * Math.Log(1 - (r * r))) - (0.5 * logDeterminant);
            (whitened, onTerms) = (new double[n], new double[terms.Length]);
            (overlaps, information, costs) = ([.. terms.Select(_ => new double[n])], new double[n], new double[n]);
            Span<double> after = stackalloc double[terms.Length];
            for (var k = n - 1; k >= minimumSegment; k--)
            {
                information[k] = 1 + ((1 - r) * (1 - r) * (n - 1 - k));
                for (var t = 0; t < terms.Length; t++)
                {
                    overlaps[t][k] = terms[t][k] + ((1 - r) * after[t]);
                    information[k] -= overlaps[t][k] * overlaps[t][k];
                    after[t] += terms[t][k];
                }

                costs[k] = 1 / Math.Sqrt(1 + (step * information[k]));
            }
        }

        /// <summary>Makes neighbours independent. Returns the logarithm of the probability without a step, up to what all autocorrelations share.</summary>
        public double Without(ReadOnlySpan<double> scores)
        {
            whitened[0] = first * scores[0];
            for (var i = 1; i < scores.Length; i++)
            {
                whitened[i] = scores[i] - (r * scores[i - 1]);
            }

            residual = 0;
            foreach (var value in whitened)
            {
                residual += value * value;
            }

            for (var t = 0; t < terms.Length; t++)
            {
                var (sum, term) = (0.0, terms[t]);
                for (var i = 0; i < term.Length; i++)
                {
                    sum += term[i] * whitened[i];
                }

                onTerms[t] = sum;
                residual -= sum * sum;
            }

            return constant - (0.5 * (scores.Length - 1) * Math.Log(residual));
        }

        /// <summary>Adds to each split how much more probable the series is with a step there, times a weight.</summary>
        public void AddSteps(double weight, double[] sums, int minimumSegment)
        {
            var n = whitened.Length;
            var (after, power) = (0.0, 0.5 * (n - 1));
            for (var k = n - 1; k >= minimumSegment; k--)
            {
                if (k <= n - minimumSegment)
                {
                    var product = whitened[k] + ((1 - r) * after);
                    for (var t = 0; t < onTerms.Length; t++)
                    {
                        product -= overlaps[t][k] * onTerms[t];
                    }

                    var explained = product * product / ((information[k] + (1 / step)) * residual);
                    sums[k] += weight * costs[k] * Math.Exp(-power * Math.Log(Math.Max(1e-12, 1 - explained)));
                }

                after += whitened[k];
            }
        }

        private double[][] Columns(int n, ReadOnlySpan<int> days)
        {
            var columns = new double[days.IsEmpty ? 1 : 3][];
            for (var c = 0; c < columns.Length; c++)
            {
                var column = columns[c] = new double[n];
                var before = 0.0;
                for (var i = 0; i < n; i++)
                {
                    var value = c == 0 ? 1 : c == 1 ? Math.Cos(2 * Math.PI * days[i] / Year) : Math.Sin(2 * Math.PI * days[i] / Year);
                    column[i] = i == 0 ? first * value : value - (r * before);
                    before = value;
                }
            }

            return columns;
        }

        /// <summary>
        /// Terms by Cholesky's decomposition of the columns' products, those of the wave with 1 / its variance added (ridge regression), so that what a series has on the terms is what
        /// the regression explains of it. Returns the logarithm of the determinant, and of the variances of the wave.
        /// </summary>
        private double Orthogonalize(double[][] columns, double wave)
        {
            var count = columns.Length;
            var (n, lower, logarithm) = (columns[0].Length, new double[count, count], 0.0);
            for (var a = 0; a < count; a++)
            {
                terms[a] = [.. columns[a]];
                for (var b = 0; b <= a; b++)
                {
                    var product = a == b && a > 0 ? 1 / wave : 0;
                    for (var i = 0; i < n; i++)
                    {
                        product += columns[a][i] * columns[b][i];
                    }

                    for (var c = 0; c < b; c++)
                    {
                        product -= lower[a, c] * lower[b, c];
                    }

                    lower[a, b] = a == b ? Math.Sqrt(product) : product / lower[b, b];
                }

                for (var i = 0; i < n; i++)
                {
                    for (var b = 0; b < a; b++)
                    {
                        terms[a][i] -= lower[a, b] * terms[b][i];
                    }

                    terms[a][i] /= lower[a, a];
                }

                logarithm += (2 * Math.Log(lower[a, a])) + (a > 0 ? Math.Log(wave) : 0);
            }

            return logarithm;
        }
    }
}
