using MathNet.Numerics;

namespace Platform.ModelGateway.Prompts;

/// <summary>Successes and failures of a version.</summary>
internal readonly record struct Trials(long Successes, long Failures)
{
    internal long Count => Successes + Failures;

    internal double Rate => Count == 0 ? 0 : (double)Successes / Count;
}

/// <summary>
/// Evidence that may be looked at as often as one likes. For each version the likelihood, averaged over a Beta(½, ½) prior,
/// divided by the likelihood at its true rate is a nonnegative martingale that starts at 1; so is the product for two versions. Divided by
/// the largest likelihood that any rates with "the second is not worse" allow it only gets smaller, so by Ville's inequality it ever
/// reaches 1/α with probability at most α when the second is not worse: for any rates, any share of calls, any time of looking.
/// (Mixture likelihoods: Robbins 1970; dividing by the maximum: Wasserman, Ramdas and Balakrishnan 2020, "Universal inference".) Calls are
/// taken as independent.
/// </summary>
internal static class SequentialEvidence
{
    private const double Prior = 0.5;

    /// <summary>Logarithm of the evidence that the second version succeeds less often than the first.</summary>
    internal static double LogSecondIsWorse(Trials first, Trials second)
    {
        var greatest = first.Rate <= second.Rate
            ? LogLikelihood(first, first.Rate) + LogLikelihood(second, second.Rate)
            : LogLikelihood(new Trials(first.Successes + second.Successes, first.Failures + second.Failures), Pooled(first, second));
        return LogMixture(first) + LogMixture(second) - greatest;
    }

    private static double Pooled(Trials first, Trials second) => (double)(first.Successes + second.Successes) / (first.Count + second.Count);

    private static double LogMixture(Trials trials) => LogBeta(trials.Successes + Prior, trials.Failures + Prior) - LogBeta(Prior, Prior);

    private static double LogBeta(double a, double b) => SpecialFunctions.GammaLn(a) + SpecialFunctions.GammaLn(b) - SpecialFunctions.GammaLn(a + b);

    private static double LogLikelihood(Trials trials, double rate) =>
        (trials.Successes == 0 ? 0 : trials.Successes * Math.Log(rate)) + (trials.Failures == 0 ? 0 : trials.Failures * Math.Log(1 - rate));
}
