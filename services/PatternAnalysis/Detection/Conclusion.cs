using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Detection;

/// <summary>Makes insights and outcomes of what the detectors said, corrected for their number.</summary>
internal static class Conclusion
{
    // No method here knows its tail better than that, and no finding is certain.
    private const double SmallestPValue = 1e-9;

    /// <param name="runs">One for each detector that was chosen.</param>
    /// <param name="detectors">All there are. Those that did not run count as tests too, so that the promise does not depend on which ones had enough data.</param>
    /// <param name="subject">Whose history it was.</param>
    /// <param name="dataVersion">Of that history.</param>
    /// <param name="options">The promised error rate and limits.</param>
    public static DetectionResult From(IReadOnlyList<DetectorRun> runs, IReadOnlyList<IPatternDetector> detectors, Subject subject, string dataVersion, DetectionOptions options)
    {
        // What is no candidate changes nothing but the candidates' correction, so without one there is nothing to correct.
        var adjusted = runs.Any(run => run.Verdict is Verdict.Candidate) ? Adjust(runs, detectors.Sum(detector => detector.ErrorShare)) : null;
        var insights = new List<Insight>();
        var outcomes = new DetectorOutcome[runs.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var p = adjusted?[i] ?? 1;
            outcomes[i] = Outcome(runs[i], p, options);
            if (runs[i].Verdict is Verdict.Candidate candidate && p <= options.FamilyErrorRate)
            {
                insights.Add(Insight(runs[i].Detector, candidate.Finding, p, subject, dataVersion, options));
            }
        }

        return new DetectionResult([.. insights.OrderByDescending(insight => insight.Significance)], outcomes, dataVersion);
    }

    /// <returns>For each run the corrected p-value; 1 for one that has none.</returns>
    private static double[] Adjust(IReadOnlyList<DetectorRun> runs, double shares)
    {
        int[] tested = [.. Enumerable.Range(0, runs.Count).Where(i => runs[i].Verdict is Verdict.Candidate or Verdict.Nothing)];
        var corrected = MultipleTesting.Holm([.. tested.Select(i => PValue(runs[i].Verdict!))], [.. tested.Select(i => runs[i].Detector.ErrorShare)], shares);
        var adjusted = new double[runs.Count];
        Array.Fill(adjusted, 1);
        for (var i = 0; i < tested.Length; i++)
        {
            adjusted[tested[i]] = corrected[i];
        }

        return adjusted;
    }

    private static double PValue(Verdict verdict) => verdict switch
    {
        Verdict.Candidate candidate => Math.Max(SmallestPValue, candidate.PValue),
        Verdict.Nothing nothing => nothing.PValue,
        _ => 1,
    };

    private static DetectorOutcome Outcome(DetectorRun run, double adjusted, DetectionOptions options)
    {
        var (status, reason) = run.Verdict switch
        {
            null when run.Failure == DetectorStatus.TimedOut =>
                (DetectorStatus.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no result within {options.DetectorTimeout.TotalSeconds:0.###} s")),
            null => (DetectorStatus.Failed, run.IsDatabaseFault ? "the data could not be read" : "the analysis failed"),
            Verdict.TooFew few => (DetectorStatus.TooFew, few.Reason),
            Verdict.Nothing nothing => (DetectorStatus.Nothing, nothing.Reason),
            Verdict.Candidate when adjusted > options.FamilyErrorRate =>
                (DetectorStatus.Nothing, string.Create(CultureInfo.InvariantCulture, $"what was seen may be chance (p = {adjusted:0.###} after correction)")),
            Verdict.Candidate => (DetectorStatus.Found, "found"),
            _ => throw new UnreachableException(),
        };
        return new DetectorOutcome { Detector = run.Detector.Name, Status = status, Reason = reason };
    }

    private static Insight Insight(IPatternDetector detector, Finding finding, double adjusted, Subject subject, string dataVersion, DetectionOptions options)
    {
        var stake = (double)finding.MoneyAtStake;
        var insight = new Insight
        {
            Id = Id(subject, detector.Name, dataVersion),
            Type = detector.Name,
            Confidence = MultipleTesting.Confidence(adjusted),
            Significance = Math.Clamp(finding.RelativeEffect, 0, 1) * (stake / (stake + options.ReferenceAmount)),
            SampleSize = finding.SampleSize,
            Effect = finding.Effect,
            PValue = adjusted,
            Period = new Period { From = Figures.Date(finding.From), Until = Figures.Date(finding.Until) },
            Text = finding.Text,
            Recommendation = finding.Recommendation,
            DataVersion = dataVersion,
        };
        if (finding.ChangedOn is { } day)
        {
            insight.ChangedOn = Figures.Date(day);
        }

        insight.Evidence.Add(finding.Evidence);
        foreach (var (name, value) in finding.Figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            insight.Figures.Add(name, value);
        }

        return insight;
    }

    private static string Id(Subject subject, string type, string dataVersion) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', subject.OrganizationId, subject.CustomerId, type, dataVersion))))[..20];
}
