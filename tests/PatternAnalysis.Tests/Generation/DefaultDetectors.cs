using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.AmountAnomaly;
using Platform.PatternAnalysis.Detectors.OrderFrequency;
using Platform.PatternAnalysis.Detectors.OrderSeasonality;
using Platform.PatternAnalysis.Detectors.OrderSilence;
using Platform.PatternAnalysis.Detectors.OrderTrend;
using Platform.PatternAnalysis.Detectors.PaymentTimingShift;
using Platform.PatternAnalysis.Detectors.PeerPercentile;
using Platform.PatternAnalysis.Detectors.RevenueConcentration;
using Platform.PatternAnalysis.Detectors.RushOrderFrequency;
using Platform.PatternAnalysis.Histories;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Generation;

/// <summary>Every detector with its default settings, and what they conclude together.</summary>
internal static class DefaultDetectors
{
    private static readonly DetectionOptions Options = new();

    public static IReadOnlyList<IPatternDetector> All { get; } =
    [
        new RushOrderDetector(new FixedOptions<RushOrderOptions>(new())),
        new PaymentTimingDetector(new FixedOptions<PaymentTimingOptions>(new())),
        new AmountAnomalyDetector(new FixedOptions<AmountAnomalyOptions>(new())),
        new OrderSilenceDetector(new FixedOptions<OrderSilenceOptions>(new())),
        new OrderFrequencyDetector(new FixedOptions<OrderFrequencyOptions>(new())),
        new OrderTrendDetector(new FixedOptions<OrderTrendOptions>(new())),
        new OrderSeasonalityDetector(new FixedOptions<OrderSeasonalityOptions>(new())),
        new PeerPercentileDetector(new FixedOptions<PeerPercentileOptions>(new())),
        new RevenueConcentrationDetector(new FixedOptions<RevenueConcentrationOptions>(new())),
    ];

    public static DetectionResult Conclude(CustomerHistory history, PeerStatistics? peers = null) => Conclusion.From(
        [.. All.Select(detector => new DetectorRun(detector, detector.Detect(history, peers ?? PeerStatistics.None, CancellationToken.None), TimeSpan.Zero))],
        All, history.Subject, "v1", Options);
}
