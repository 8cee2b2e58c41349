using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.GrpcNetClient;

/// <summary>What is recorded of outgoing gRPC calls.</summary>
public class GrpcClientTraceInstrumentationOptions
{
    /// <summary>True records the call only, not also the HTTP request that carries it. Default: false.</summary>
    public bool SuppressDownstreamInstrumentation { get; set; }

    /// <summary>Called with the span before the call is sent.</summary>
    public Action<Activity, HttpRequestMessage>? EnrichWithHttpRequestMessage { get; set; }

    /// <summary>Called with the span when the call has ended with a response.</summary>
    public Action<Activity, HttpResponseMessage>? EnrichWithHttpResponseMessage { get; set; }
}
