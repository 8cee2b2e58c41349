using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>What is recorded of incoming requests.</summary>
public class AspNetCoreTraceInstrumentationOptions
{
    /// <summary>False means that no span of this request is recorded; so does an exception. Null (default) records all.</summary>
    public Func<HttpContext, bool>? Filter { get; set; }

    /// <summary>Called with the span when the request begins.</summary>
    public Action<Activity, HttpRequest>? EnrichWithHttpRequest { get; set; }

    /// <summary>Called with the span when the response is complete.</summary>
    public Action<Activity, HttpResponse>? EnrichWithHttpResponse { get; set; }

    /// <summary>Called with the span when the request ends in an unhandled exception.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>True adds an <c>exception</c> event to the span of a failed request. Default: false.</summary>
    public bool RecordException { get; set; }

    /// <summary>True (default) collects the spans of SignalR hubs too.</summary>
    public bool EnableAspNetCoreSignalRSupport { get; set; } = true;

    /// <summary>True (default) collects the spans of Razor components too.</summary>
    public bool EnableRazorComponentsSupport { get; set; } = true;
}
