namespace Platform.PatternAnalysis.Statistics;

internal static class MultipleTesting
{
    /// <summary>
    /// Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979): the adjusted p-values hold the probability of
    /// any false finding among the tests, whatever their dependence.
    /// </summary>
    /// <param name="pValues">Of the tests that ran.</param>
    /// <param name="tests">Number of tests meant to run, at least as many; the ones that did not run count as 1.</param>
    public static double[] Holm(IReadOnlyList<double> pValues, int tests) => Holm(pValues, [.. Enumerable.Repeat(1.0, pValues.Count)], tests);

    /// <summary>Holm's correction with weights (section 3 of his paper): a test with a larger share is corrected less.</summary>
    /// <param name="pValues">Of the tests that ran.</param>
    /// <param name="shares">Their shares, above 0, in the same order.</param>
    /// <param name="total">Sum of the shares of all tests meant to run; those that did not run count as 1.</param>
    public static double[] Holm(IReadOnlyList<double> pValues, IReadOnlyList<double> shares, double total)
    {
        var adjusted = new double[pValues.Count];
        var running = 0.0;
        var remaining = total;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i] / shares[i]))
        {
            running = Math.Max(running, Math.Min(1, remaining / shares[index] * pValues[index]));
            adjusted[index] = running;
            remaining -= shares[index];
        }

        return adjusted;
    }

    /// <summary>
    /// Probability that a finding is real, from its p-value, with even prior odds: the bound −e·p·ln p on the Bayes factor of
    /// Sellke, Bayarri and Berger (The American Statistician 55, 2001). 0.05 → 0.71, 0.01 → 0.89, 0.001 → 0.98.
    /// </summary>
    public static double Confidence(double pValue) => pValue switch
    {
        >= 1 / Math.E => 0.5,
        <= 0 => 1,
        _ => 1 / (1 - (Math.E * pValue * Math.Log(pValue))),
    };
}
