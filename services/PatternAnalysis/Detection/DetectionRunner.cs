using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Detection;

/// <summary>
/// Runs the detectors. For one customer: in parallel, each alone under its own limit, over a history that is read once for
/// all. For many customers: one after the other over histories that the caller streams.
/// </summary>
internal sealed partial class DetectionRunner(
    IEnumerable<IPatternDetector> detectors, HistoryReader histories, PeerReader peers, IOptionsMonitor<DetectionOptions> options, PatternMetrics metrics, TimeProvider clock, ILogger<DetectionRunner> logger)
{
    public IReadOnlyList<IPatternDetector> Detectors { get; } = [.. detectors];

    /// <summary>Reads what the detectors need and runs them.</summary>
    /// <param name="subject">The customer and the day.</param>
    /// <param name="only">Names of the detectors to run; none means all.</param>
    /// <param name="cancellationToken">Ends queries and detectors.</param>
    public async Task<DetectionResult> RunAsync(Subject subject, IReadOnlyCollection<string> only, CancellationToken cancellationToken)
    {
        var limit = options.CurrentValue.DetectorTimeout;
        var chosen = Detectors.Where(detector => only.Count == 0 || only.Contains(detector.Name)).ToList();

        // All detectors start at once, so one timer is the limit of each, and of the reads that they share. Orders and invoices are
        // read whichever detectors are chosen: together they make the version that insights are named by.
        using var timer = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var reads = new HistoryReads(
            histories.OrdersAsync(subject, linked.Token),
            histories.InvoicesAsync(subject, linked.Token),
            PeersAsync(HistoryParts.PeerOrders),
            PeersAsync(HistoryParts.PeerPayments));
        Task<PeerStatistics> PeersAsync(HistoryParts part) =>
            chosen.Any(detector => detector.Needs.HasFlag(part)) ? peers.FindAsync(subject.OrganizationId, subject.AsOf, part, linked.Token) : Task.FromResult(PeerStatistics.None);

        try
        {
            var runs = await Task.WhenAll(chosen.Select(detector => RunAsync(detector, subject, reads, limit, timer, linked.Token, cancellationToken)));
            await Task.WhenAll(reads.Orders, reads.Invoices).WaitAsync(linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return Conclude(runs, subject, DataVersion.Of(reads.Read(subject)));
        }
        finally
        {
            // A detector's wait may end before the token's own callbacks have run, and disposing the source would then lose them.
            await linked.CancelAsync();
            _ = Task.WhenAll(reads.Orders, reads.Invoices, reads.PeerOrders, reads.PeerPayments).ContinueWith(
                ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Runs every detector over a history in memory, without a limit of time: what takes long is a query, and here there is none.</summary>
    /// <param name="history">Orders and invoices, both filled.</param>
    /// <param name="peers">What is usual among the organization's customers.</param>
    /// <param name="cancellationToken">Ends the work between detectors and within long ones.</param>
    public DetectionResult Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken)
    {
        var runs = new DetectorRun[Detectors.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var started = clock.GetTimestamp();
            try
            {
                var verdict = Detectors[i].Detect(history, peers, cancellationToken);
                runs[i] = new DetectorRun(Detectors[i], verdict, clock.GetElapsedTime(started));
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.DetectorFailed(logger, exception, Detectors[i].Name);
                runs[i] = new DetectorRun(Detectors[i], null, clock.GetElapsedTime(started)) { Failure = DetectorStatus.Failed };
            }
        }

        return Conclude(runs, history.Subject, DataVersion.Of(history));
    }

    private async Task<DetectorRun> RunAsync(
        IPatternDetector detector, Subject subject, HistoryReads reads, TimeSpan limit, CancellationTokenSource timer, CancellationToken limited, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var activity = PatternTelemetry.Source.StartActivity("detect " + detector.Name);
        var work = Task.Run(
            async () =>
            {
                var orders = detector.Needs.HasFlag(HistoryParts.Orders) ? await reads.Orders : [];
                var invoices = detector.Needs.HasFlag(HistoryParts.Invoices) ? await reads.Invoices : [];
                var others = detector.Needs.HasFlag(HistoryParts.PeerOrders) ? await reads.PeerOrders : PeerStatistics.None;
                if (detector.Needs.HasFlag(HistoryParts.PeerPayments))
                {
                    others = others with { Payments = (await reads.PeerPayments).Payments };
                }

                return detector.Detect(new CustomerHistory(subject, orders, invoices), others, limited);
            },
            limited);
        try
        {
            // A detector that ignores its token is left behind rather than waited for.
            var verdict = await work.WaitAsync(limit, clock, cancellationToken);
            return new DetectorRun(detector, verdict, clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (timer.IsCancellationRequested || exception is TimeoutException))
        {
            activity?.SetStatus(ActivityStatusCode.Error, "timed out");
            Log.DetectorTimedOut(logger, detector.Name, limit);
            return new DetectorRun(detector, null, clock.GetElapsedTime(started)) { Failure = DetectorStatus.TimedOut };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            Log.DetectorFailed(logger, exception, detector.Name);
            return new DetectorRun(detector, null, clock.GetElapsedTime(started)) { Failure = DetectorStatus.Failed, IsDatabaseFault = exception is NpgsqlException };
        }
    }

    private DetectionResult Conclude(IReadOnlyList<DetectorRun> runs, Subject subject, string dataVersion)
    {
        var result = Conclusion.From(runs, Detectors, subject, dataVersion, options.CurrentValue);
        for (var i = 0; i < runs.Count; i++)
        {
            metrics.DetectorRan(runs[i].Detector.Name, result.Outcomes[i].Status, runs[i].Elapsed);
        }

        foreach (var insight in result.Insights)
        {
            metrics.PatternFound(insight.Type);
        }

        return result;
    }

    private sealed record HistoryReads(Task<IReadOnlyList<OrderRow>> Orders, Task<IReadOnlyList<SettlementRow>> Invoices, Task<PeerStatistics> PeerOrders, Task<PeerStatistics> PeerPayments)
    {
        /// <summary>As much of the history as could be read.</summary>
        public CustomerHistory Read(Subject subject) => new(
            subject, Orders.IsCompletedSuccessfully ? Orders.Result : [], Invoices.IsCompletedSuccessfully ? Invoices.Result : []);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "DetectorTimedOut", Level = LogLevel.Warning, Message = "Detector {Detector} gave no result within {Limit}")]
        public static partial void DetectorTimedOut(ILogger logger, string detector, TimeSpan limit);

        [LoggerMessage(EventId = 2, EventName = "DetectorFailed", Level = LogLevel.Error, Message = "Detector {Detector} failed")]
        public static partial void DetectorFailed(ILogger logger, Exception exception, string detector);
    }
}
