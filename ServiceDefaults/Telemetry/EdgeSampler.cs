using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>
/// Decides where a trace begins, by a share; who is called later follows. What is not chosen is recorded all the same, so that it can still
/// be kept when it turns out to be slow or to fail: <see cref="UndecidedTraces"/>.
/// </summary>
internal sealed class EdgeSampler(double share) : Sampler
{
    private static readonly SamplingResult Keep = new(SamplingDecision.RecordAndSample);
    private static readonly SamplingResult Wait = new(SamplingDecision.RecordOnly);

    private readonly TraceIdRatioBasedSampler _share = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var chosen = parent.TraceId == default
            ? _share.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample
            : (parent.TraceFlags & System.Diagnostics.ActivityTraceFlags.Recorded) != 0;
        return chosen ? Keep : Wait;
    }
}
