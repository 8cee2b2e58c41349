using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Detection;

/// <summary>What the detectors said about one customer.</summary>
internal sealed record DetectionResult(IReadOnlyList<Insight> Insights, IReadOnlyList<DetectorOutcome> Outcomes)
{
    /// <summary>False when a detector failed or was late: such a result is shown, never kept.</summary>
    public bool IsComplete => !Outcomes.Any(outcome => IsMissing(outcome.Status));

    /// <summary>True when no detector got an answer out of the data.</summary>
    public bool IsLost => Outcomes.Count > 0 && Outcomes.All(outcome => IsMissing(outcome.Status));

    private static bool IsMissing(DetectorStatus status) => status is DetectorStatus.Failed or DetectorStatus.TimedOut;
}

/// <summary>Runs every detector in parallel, each alone under its own limit, and corrects what they found for their number.</summary>
internal sealed partial class DetectionRunner(IEnumerable<IPatternDetector> detectors, IOptionsMonitor<DetectionOptions> options, PatternMetrics metrics, TimeProvider clock, ILogger<DetectionRunner> logger)
{
    public IReadOnlyList<IPatternDetector> Detectors { get; } = [.. detectors];

    /// <param name="only">Names of the detectors to run; none means all.</param>
    public async Task<DetectionResult> RunAsync(Subject subject, string dataVersion, IReadOnlyCollection<string> only, CancellationToken cancellationToken)
    {
        var chosen = Detectors.Where(detector => only.Count == 0 || only.Contains(detector.Name)).ToList();
        var runs = await Task.WhenAll(chosen.Select(detector => RunAsync(detector, subject, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();

        // Detectors that did not run count as tests too, so that the promise does not depend on which ones had enough data.
        var tested = runs.Where(run => run.Verdict is Verdict.Candidate or Verdict.Nothing).ToList();
        var adjusted = MultipleTesting.Holm([.. tested.Select(run => PValue(run.Verdict!))], Math.Max(Detectors.Count, tested.Count));
        List<Insight> insights = [];
        List<DetectorOutcome> outcomes = [];
        foreach (var run in runs)
        {
            var index = tested.IndexOf(run);
            var outcome = Conclude(run, index < 0 ? 1 : adjusted[index], subject, dataVersion, out var insight);
            outcomes.Add(outcome);
            metrics.DetectorRan(run.Detector.Name, outcome.Status, run.Elapsed);
            if (insight is not null)
            {
                insights.Add(insight);
                metrics.PatternFound(insight.Type);
            }
        }

        return new DetectionResult([.. insights.OrderByDescending(insight => insight.Significance)], outcomes);
    }

    // No method here knows its tail better than that, and no finding is certain.
    private const double SmallestPValue = 1e-9;

    private static double PValue(Verdict verdict) => verdict switch
    {
        Verdict.Candidate candidate => Math.Max(SmallestPValue, candidate.PValue),
        Verdict.Nothing nothing => nothing.PValue,
        _ => 1,
    };

    private async Task<Run> RunAsync(IPatternDetector detector, Subject subject, CancellationToken cancellationToken)
    {
        var limit = options.CurrentValue.DetectorTimeout;
        var started = clock.GetTimestamp();
        using var timer = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        using var activity = PatternTelemetry.Source.StartActivity("detect " + detector.Name);
        var work = Task.Run(() => detector.DetectAsync(subject, linked.Token), linked.Token);
        try
        {
            // A detector that ignores its token is left behind rather than waited for.
            var verdict = await work.WaitAsync(limit, clock, cancellationToken);
            return new Run(detector, verdict, null, clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (timer.IsCancellationRequested || exception is TimeoutException))
        {
            activity?.SetStatus(ActivityStatusCode.Error, "timed out");
            Log.DetectorTimedOut(logger, detector.Name, limit);
            return new Run(detector, null, DetectorStatus.TimedOut, clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            Log.DetectorFailed(logger, exception, detector.Name);
            return new Run(detector, null, DetectorStatus.Failed, clock.GetElapsedTime(started)) { IsDatabaseFault = exception is NpgsqlException };
        }
        finally
        {
            // The wait may end before the token's own callbacks have run, and disposing the source would then lose them.
            if (!work.IsCompleted)
            {
                await linked.CancelAsync();
            }
        }
    }

    private DetectorOutcome Conclude(Run run, double adjusted, Subject subject, string dataVersion, out Insight? insight)
    {
        insight = null;
        var outcome = new DetectorOutcome { Detector = run.Detector.Name };
        switch (run.Verdict)
        {
            case null when run.Failure == DetectorStatus.TimedOut:
                outcome.Status = DetectorStatus.TimedOut;
                outcome.Reason = string.Create(CultureInfo.InvariantCulture, $"no result within {options.CurrentValue.DetectorTimeout.TotalSeconds:0.###} s");
                break;
            case null:
                outcome.Status = DetectorStatus.Failed;
                outcome.Reason = run.IsDatabaseFault ? "the data could not be read" : "the analysis failed";
                break;
            case Verdict.TooFew few:
                outcome.Status = DetectorStatus.TooFew;
                outcome.Reason = few.Reason;
                break;
            case Verdict.Nothing nothing:
                outcome.Status = DetectorStatus.Nothing;
                outcome.Reason = nothing.Reason;
                break;
            case Verdict.Candidate when adjusted > options.CurrentValue.FamilyErrorRate:
                outcome.Status = DetectorStatus.Nothing;
                outcome.Reason = string.Create(CultureInfo.InvariantCulture, $"what was seen may be chance (p = {adjusted:0.###} after correction)");
                break;
            case Verdict.Candidate candidate:
                outcome.Status = DetectorStatus.Found;
                outcome.Reason = "found";
                insight = ToInsight(run.Detector, candidate.Finding, adjusted, subject, dataVersion);
                break;
            default:
                throw new UnreachableException();
        }

        return outcome;
    }

    private Insight ToInsight(IPatternDetector detector, Finding finding, double adjusted, Subject subject, string dataVersion)
    {
        var stake = (double)finding.MoneyAtStake;
        var insight = new Insight
        {
            Id = Id(subject, detector.Name, dataVersion),
            Type = detector.Name,
            Confidence = MultipleTesting.Confidence(adjusted),
            Significance = Math.Clamp(finding.RelativeEffect, 0, 1) * (stake / (stake + options.CurrentValue.ReferenceAmount)),
            SampleSize = finding.SampleSize,
            Effect = finding.Effect,
            PValue = adjusted,
            Period = new Period { From = Figures.Date(finding.From), Until = Figures.Date(finding.Until) },
            Text = finding.Text,
            Recommendation = finding.Recommendation,
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

    private sealed record Run(IPatternDetector Detector, Verdict? Verdict, DetectorStatus? Failure, TimeSpan Elapsed)
    {
        public bool IsDatabaseFault { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "DetectorTimedOut", Level = LogLevel.Warning, Message = "Detector {Detector} gave no result within {Limit}")]
        public static partial void DetectorTimedOut(ILogger logger, string detector, TimeSpan limit);

        [LoggerMessage(EventId = 2, EventName = "DetectorFailed", Level = LogLevel.Error, Message = "Detector {Detector} failed")]
        public static partial void DetectorFailed(ILogger logger, Exception exception, string detector);
    }
}
