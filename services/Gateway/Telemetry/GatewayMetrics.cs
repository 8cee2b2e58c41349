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
    private readonly Histogram<double> duration;
    private readonly Counter<long> stageErrors;
    private readonly Counter<long> rateLimited;
    private readonly Counter<long> interactionsQueued;

    public GatewayMetrics(IMeterFactory meters, DegradationMonitor degradation)
    {
        Meter meter = meters.Create("Platform.Gateway");
        stageDuration = meter.CreateHistogram<double>(
            "platform.stage.duration", "s", "Duration of one stage of an answer. Labels: stage.");
        stageErrors = meter.CreateCounter<long>(
            "platform.stage.errors", "{error}", "Failures of calls that an answer's stages made; the answer went on without, or with an earlier reply. Labels: stage, error.type.");
        duration = meter.CreateHistogram<double>(
            "platform.answer.duration", "s", "Time from question to whole answer. Labels: intent, method.");
        quality = meter.CreateHistogram<double>("platform.answer.quality", "1", "Quality score of answers, 0 to 1. Labels: intent.");
        answers = meter.CreateCounter<long>("platform.answers", "{answer}", "Answers. Labels: intent, method, degradation.");
        rateLimited = meter.CreateCounter<long>("platform.rate_limited", "{request}", "Requests refused by the rate limit; decided is shared or local. Labels: endpoint, decided.");
        interactionsQueued = meter.CreateCounter<long>("platform.interactions.queued", "{interaction}", "Interactions handed on; way is stream or memory. Labels: way.");
        meter.CreateObservableGauge("platform.degradation.level", () => (int)degradation.Level, "1", "1 full, 2 limited, 3 minimal, 4 maintenance.");
    }

    public void StageFinished(string stage, TimeSpan elapsed) =>
        stageDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    public void Answered(ChatResponse response)
    {
        duration.Record(response.Timings["total"] / 1000, new("intent", response.Intent), new("method", response.Method));
        quality.Record(response.QualityScore, new KeyValuePair<string, object?>("intent", response.Intent));
        answers.Add(1, new TagList
        {
            { "intent", response.Intent },
            { "method", response.Method },
            { "degradation", response.Degradation.Level },
        });
    }

    public void StageFailed(string stage, string type) => stageErrors.Add(1, new("stage", stage), new("error.type", type));

    public void RateLimited(string endpoint, bool shared) =>
        rateLimited.Add(1, new TagList { { "endpoint", endpoint }, { "decided", shared ? "shared" : "local" } });

    public void InteractionQueued(string way) => interactionsQueued.Add(1, new KeyValuePair<string, object?>("way", way));
}
