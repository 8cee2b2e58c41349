using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>What is recorded of outgoing requests.</summary>
public class HttpClientTraceInstrumentationOptions
{
    /// <summary>False means that no span of this request is recorded; so does an exception. Null (default) records all.</summary>
    public Func<HttpRequestMessage, bool>? FilterHttpRequestMessage { get; set; }

    /// <summary>Called with the span before the request is sent.</summary>
    public Action<Activity, HttpRequestMessage>? EnrichWithHttpRequestMessage { get; set; }

    /// <summary>Called with the span when the response has arrived.</summary>
    public Action<Activity, HttpResponseMessage>? EnrichWithHttpResponseMessage { get; set; }

    /// <summary>Called with the span when the request failed.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>True adds an <c>exception</c> event to the span of a failed request. Default: false.</summary>
    public bool RecordException { get; set; }
}
