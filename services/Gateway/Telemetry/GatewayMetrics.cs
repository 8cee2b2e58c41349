using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Gateway.Chat;
using Platform.Gateway.Degradation;

namespace Platform.Gateway.Telemetry;

/// <summary>Metrics of the answer path (J3).</summary>
internal sealed class GatewayMetrics
{
    private readonly Histogram<double> stageDuration;
    private readonly Histogram<double> quality;
    private readonly Counter<long> answers;
    private readonly Counter<long> missingParts;
    private readonly Counter<long> rateLimited;
    private readonly Counter<long> interactionsQueued;

    public GatewayMetrics(IMeterFactory meters, DegradationMonitor degradation)
    {
        Meter meter = meters.Create("Platform.Gateway");
        stageDuration = meter.CreateHistogram<double>(
            "platform.stage.duration", "s", "Duration of one stage of an answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        quality = meter.CreateHistogram<double>(
            "platform.answer.quality", "1", "Quality score of answers, 0 to 1.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] });
        answers = meter.CreateCounter<long>("platform.answers", "{answer}", "Answers by intent, method and degradation.");
        missingParts = meter.CreateCounter<long>("platform.answer.missing_parts", "{part}", "Parts that an answer had to do without, by part and reason.");
        rateLimited = meter.CreateCounter<long>("platform.rate_limited", "{request}", "Requests refused by the rate limit, by endpoint and where it was decided.");
        interactionsQueued = meter.CreateCounter<long>("platform.interactions.queued", "{interaction}", "Interactions handed on, by the way they took.");
        meter.CreateObservableGauge("platform.degradation.level", () => (int)degradation.Level, "1", "1 full, 2 limited, 3 minimal, 4 maintenance.");
    }

    public void StageFinished(string stage, TimeSpan elapsed) =>
        stageDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    public void Answered(ChatResponse response)
    {
        quality.Record(response.QualityScore, new KeyValuePair<string, object?>("intent", response.Intent));
        answers.Add(1, new TagList
        {
            { "intent", response.Intent },
            { "method", response.Method },
            { "degradation", response.Degradation.Level },
        });
    }

    public void PartMissing(string part, string reason) => missingParts.Add(1, new TagList { { "part", part }, { "reason", reason } });

    public void RateLimited(string endpoint, bool shared) =>
        rateLimited.Add(1, new TagList { { "endpoint", endpoint }, { "decided", shared ? "shared" : "local" } });

    public void InteractionQueued(string way) => interactionsQueued.Add(1, new KeyValuePair<string, object?>("way", way));
}
