namespace Microsoft.Extensions.Http.Resilience.Pipelines;

/// <summary>Which instance of a pipeline serves a request; without a rule there is one instance.</summary>
internal sealed class PipelineSelection
{
    public Func<HttpRequestMessage, string>? KeyOf { get; set; }

    public static string ByAuthority(HttpRequestMessage request)
        => request.RequestUri?.GetLeftPart(UriPartial.Authority) ?? throw new InvalidOperationException("The request has no URI to select a pipeline by.");
}
