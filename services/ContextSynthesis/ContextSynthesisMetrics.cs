using System.Diagnostics.Metrics;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis;

internal sealed class ContextSynthesisMetrics
{
    public const string MeterName = "Platform.ContextSynthesis";

    private readonly Counter<long> _questions;
    private readonly Counter<long> _intentModels;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _confidence;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _decisions;

    public ContextSynthesisMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _questions = meter.CreateCounter<long>("platform.synthesis.questions", "{question}", "Questions understood. Labels: intent, complexity.");
        _intentModels = meter.CreateCounter<long>("platform.synthesis.intent_models", "{question}", "Questions whose intent a model was asked for, because the rules were unsure: it agreed, changed it, was unusable or failed. Labels: outcome.");
        _duration = meter.CreateHistogram<double>("platform.synthesis.duration", "s", "Duration of understanding, synthesizing or deciding. Labels: operation.");
        _confidence = meter.CreateHistogram<double>("platform.synthesis.confidence", "1", "Confidence of synthesized contexts. Labels: intent.");
        _dropped = meter.CreateCounter<long>("platform.synthesis.dropped", "{item}", "Items left out to stay inside the token budget.");
        _decisions = meter.CreateCounter<long>("platform.synthesis.decisions", "{decision}", "Decisions weighed. Labels: framework, recommended.");
    }

    public void Understood(Understanding understanding, TimeSpan took)
    {
        _questions.Add(1, new("intent", understanding.Intent.ToString()), new("complexity", understanding.Complexity.ToString()));
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("operation", "understand"));
    }

    public void ModelAsked(string outcome) => _intentModels.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Synthesized(SynthesizedContext context, TimeSpan took)
    {
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("operation", "synthesize"));
        _confidence.Record(context.Confidence, new KeyValuePair<string, object?>("intent", context.Understanding.Intent.ToString()));
        _dropped.Add(context.Dropped.Count);
    }

    public void Decided(DecisionAnalysis analysis, TimeSpan took)
    {
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("operation", "decide"));
        _decisions.Add(1, new("framework", analysis.Framework.Length > 0 ? analysis.Framework : "none"), new("recommended", analysis.Recommended.Length > 0 ? analysis.Recommended : "none"));
    }
}
