using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.Prompts;

/// <summary>Compares the versions of a prompt over a period.</summary>
internal sealed class PromptComparer(PromptPerformanceStore store)
{
    internal const int LeastExecutions = 100;
    private const double Level = 0.05;

    internal async Task<CompareResponse> CompareAsync(string organizationId, string name, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var versions = await store.PeriodAsync(organizationId, name, from, until, cancellationToken);
        var response = new CompareResponse();
        response.Performances.AddRange(versions.Select(Describe));
        var executed = versions.Where(version => version.Trials.Count > 0).ToArray();
        if (executed.Length < 2)
        {
            return response;
        }

        var baseline = executed.MaxBy(version => version.Trials.Count)!;
        var others = executed.Where(version => version != baseline).ToArray();
        var latencies = await store.LatenciesAsync(organizationId, name, baseline.Version, from, until, cancellationToken);
        foreach (var other in others)
        {
            var own = await store.LatenciesAsync(organizationId, name, other.Version, from, until, cancellationToken);
            response.Comparisons.Add(Compare(baseline, other, latencies, own));
        }

        Adjust(response.Comparisons);
        var best = executed.Where(version => version.Trials.Count >= LeastExecutions).OrderByDescending(version => version.Trials.Rate).Take(2).ToArray();
        if (best.Length == 2)
        {
            response.PValue = StatisticalTests.SuccessPValue(best[0].Trials, best[1].Trials);
        }

        return response;
    }

    private static PromptComparison Compare(VersionPerformance baseline, VersionPerformance version, IReadOnlyList<int> baseLatencies, IReadOnlyList<int> latencies)
    {
        var (low, high) = StatisticalTests.SuccessInterval(baseline.Trials, version.Trials);
        var (slower, latencyP) = StatisticalTests.MannWhitney(baseLatencies, latencies);
        return new PromptComparison
        {
            Baseline = baseline.Version,
            Version = version.Version,
            Enough = Math.Min(baseline.Trials.Count, version.Trials.Count) >= LeastExecutions,
            SuccessDifference = version.Trials.Rate - baseline.Trials.Rate,
            SuccessDifferenceLow = low,
            SuccessDifferenceHigh = high,
            SuccessPValue = StatisticalTests.SuccessPValue(baseline.Trials, version.Trials),
            LatencyDifferenceMs = StatisticalTests.Median(latencies) - StatisticalTests.Median(baseLatencies),
            SlowerProbability = slower,
            LatencyPValue = latencyP,
        };
    }

    private static void Adjust(IReadOnlyList<PromptComparison> comparisons)
    {
        var success = StatisticalTests.Holm([.. comparisons.Select(one => one.SuccessPValue)]);
        var latency = StatisticalTests.Holm([.. comparisons.Select(one => one.LatencyPValue)]);
        for (var index = 0; index < comparisons.Count; index++)
        {
            var comparison = comparisons[index];
            (comparison.SuccessPValue, comparison.LatencyPValue) = (success[index], latency[index]);
            comparison.Verdict = !comparison.Enough ? "too few executions"
                : comparison.SuccessPValue >= Level ? "no difference shown"
                : comparison.SuccessDifference > 0 ? "better" : "worse";
        }
    }

    private static PromptPerformance Describe(VersionPerformance version)
    {
        var described = new PromptPerformance
        {
            Version = version.Version,
            Executions = version.Trials.Count,
            Successes = version.Trials.Successes,
            Failures = version.Trials.Failures,
            AverageLatencyMs = version.AverageLatency,
            AverageTokens = version.AverageTokens,
            FeedbackCount = version.FeedbackCount,
            Unpriced = version.Unpriced,
        };
        if (version is { AverageCost: { } cost, Currency: { } currency })
        {
            described.AverageCost = new Money { Amount = cost.ToString("0.#########", CultureInfo.InvariantCulture), Currency = currency };
        }

        if (version.Feedback is { } feedback)
        {
            described.FeedbackScore = feedback;
        }

        return described;
    }
}
