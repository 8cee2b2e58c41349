using System.Globalization;
using System.Runtime.CompilerServices;
using Platform.EntityResolution.Index;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>
/// Fits the weights of <see cref="MatchModel"/> to the training half of the labelled names: a conditional logit in which the
/// right name competes with the others that were found and with "none of them", by gradient ascent with a small penalty.
/// </summary>
internal static class ModelFit
{
    private const double Penalty = 2e-4;

    public static void Run(LabelledSets sets)
    {
        var cases = Collect(sets);
        var width = MatchModel.Factors.Count;
        var weights = new double[width];
        MatchModel.CurrentWeights.ToArray().Select(w => (double)w).ToArray().CopyTo(weights, 0);
        Console.WriteLine($"{cases.Count} texts of the training half, mean log likelihood before: {Likelihood(cases, weights):0.0000}");
        var (momentum, square) = (new double[width], new double[width]);
        for (var step = 1; step <= 4000; step++)
        {
            var gradient = Gradient(cases, weights);
            for (var i = 0; i < width; i++)
            {
                gradient[i] = i == MatchModel.NumberFactor ? 0 : gradient[i] - (i == 0 ? 0 : Penalty * weights[i]);
                momentum[i] = 0.9 * momentum[i] + 0.1 * gradient[i];
                square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
                weights[i] += 0.02 * (momentum[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        Console.WriteLine($"after: {Likelihood(cases, weights):0.0000}");
        for (var i = 0; i < width; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {MatchModel.Factors[i],-16} {weights[i]:0.000}f"));
            // The rest of the run tells what these weights are worth: fitted and judged on either half without a build between.
            Unsafe.AsRef(in MatchModel.CurrentWeights[i]) = (float)weights[i];
        }
    }

    private static List<Case> Collect(LabelledSets sets)
    {
        var cases = new List<Case>();
        foreach (var registry in LabelledRegistries.Of(sets, isShort: false))
        {
            var (missed, before) = (0, cases.Count);
            var matcher = new IndexMatcher();
            matcher.LoadAsync(registry.Entities, CancellationToken.None).GetAwaiter().GetResult();
            foreach (var text in registry.Texts.Where(t => t.IsTraining && t.Kind != "renamed"))
            {
                var found = NameSearch.Find(matcher.Index, text.Text, 10);
                // Equal names have odds of their own.
                if (found.Count == 0 || found[0].LogOdds >= MatchModel.OtherForm && found[0].Evidence is { Asked: 1, Named: 1, Letters: 1 })
                {
                    continue;
                }

                var factors = new float[found.Count][];
                for (var i = 0; i < found.Count; i++)
                {
                    factors[i] = new float[MatchModel.Factors.Count];
                    MatchModel.Read(found[i].Evidence, factors[i]);
                }

                missed += text.Right.Count > 0 && !found.Exists(f => text.Right.Contains(matcher.Index.IdOf(f.Entity))) ? 1 : 0;
                cases.Add(new Case(factors, found.FindIndex(f => text.Right.Contains(matcher.Index.IdOf(f.Entity))), text.Set is "patent" ? 0.5 : 1));
            }

            Console.WriteLine($"{registry.Name}: {cases.Count - before} texts to learn from, the right name of {missed} is not among the ten found");
        }

        return cases;
    }

    private static double Likelihood(List<Case> cases, double[] weights) =>
        cases.Sum(c => c.Weight * Math.Log(Math.Max(1e-12, Probabilities(c, weights)[c.Right + 1]))) / cases.Sum(c => c.Weight);

    private static double[] Gradient(List<Case> cases, double[] weights)
    {
        var gradient = new double[weights.Length];
        foreach (var c in cases)
        {
            var probabilities = Probabilities(c, weights);
            for (var i = 0; i < c.Factors.Length; i++)
            {
                var difference = c.Weight * ((i == c.Right ? 1 : 0) - probabilities[i + 1]);
                for (var k = 0; k < gradient.Length; k++)
                {
                    gradient[k] += difference * c.Factors[i][k];
                }
            }
        }

        var total = cases.Sum(c => c.Weight);
        return [.. gradient.Select(g => g / total)];
    }

    /// <summary>Of none of them, then of each.</summary>
    private static double[] Probabilities(Case c, double[] weights)
    {
        var odds = new double[c.Factors.Length + 1];
        odds[0] = 1;
        for (var i = 0; i < c.Factors.Length; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * c.Factors[i][k];
            }

            odds[i + 1] = Math.Exp(Math.Clamp(sum, -40, 40));
        }

        var all = odds.Sum();
        return [.. odds.Select(o => o / all)];
    }

    private sealed record Case(float[][] Factors, int Right, double Weight);
}
