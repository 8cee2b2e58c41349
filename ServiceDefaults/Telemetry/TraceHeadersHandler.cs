using System.Diagnostics;

namespace Platform.ServiceDefaults;

/// <summary>Writes the trace headers of the current span, the gRPC call's, where the HTTP handler below is told to write none.</summary>
internal sealed class TraceHeadersHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        DistributedContextPropagator.Current.Inject(Activity.Current, request, static (carrier, name, value) =>
        {
            var headers = ((HttpRequestMessage)carrier!).Headers;
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        });
        return base.SendAsync(request, cancellationToken);
    }
}
