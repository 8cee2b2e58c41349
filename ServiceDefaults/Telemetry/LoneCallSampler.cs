using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>
/// Leaves out traces that would be one call to a database, a cache or a service and nothing else: probes and polling, which come for
/// ever and tell no story. Background work that is worth a trace begins a span of its own.
/// </summary>
internal sealed class LoneCallSampler(Sampler others) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client && samplingParameters.ParentContext == default
            ? new SamplingResult(SamplingDecision.Drop)
            : others.ShouldSample(samplingParameters);
}
