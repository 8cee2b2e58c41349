using System.Diagnostics.Metrics;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;

namespace Platform.ResponseGeneration;

internal sealed class GenerationMetrics
{
    public const string MeterName = "Platform.ResponseGeneration";

    private readonly Histogram<double> _quality;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _modelDuration;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _gateFailures;

    public GenerationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _quality = meter.CreateHistogram<double>("platform.generation.quality_score", "1", "Quality score of answers. Labels: method, complexity.");
        _duration = meter.CreateHistogram<double>("platform.generation.duration", "s", "Time to write an answer. Labels: method, complexity.");
        _modelDuration = meter.CreateHistogram<double>("platform.generation.model_duration", "s", "Time of one model call as the writer sees it. Labels: model, complexity, outcome.");
        _fallbacks = meter.CreateCounter<long>("platform.generation.fallbacks", "{answer}", "Answers that fell back to a simpler way. Labels: to.");
        _gateFailures = meter.CreateCounter<long>("platform.generation.gate_failures", "{answer}", "Shown answers that a gate did not pass. Labels: gate, method.");
    }

    public void Written(GenerateResponse response, Complexity complexity, IEnumerable<GateResult> gates, TimeSpan took)
    {
        KeyValuePair<string, object?> method = new("method", response.Method);
        KeyValuePair<string, object?> level = new("complexity", complexity.ToString());
        _quality.Record(response.QualityScore, method, level);
        _duration.Record(took.TotalSeconds, method, level);
        foreach (var gate in gates.Where(g => !g.Passed))
        {
            _gateFailures.Add(1, new("gate", gate.Gate), method);
        }
    }

    public void ModelCalled(string model, Complexity complexity, TimeSpan took, string outcome) =>
        _modelDuration.Record(took.TotalSeconds, new("model", model), new("complexity", complexity.ToString()), new("outcome", outcome));

    public void FellBack(string to) => _fallbacks.Add(1, new KeyValuePair<string, object?>("to", to));
}
