using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>A pipeline of an HTTP client.</summary>
public interface IHttpResiliencePipelineBuilder
{
    /// <summary>The pipeline's name: <c>&lt;client&gt;-&lt;pipeline&gt;</c>.</summary>
    string PipelineName { get; }

    /// <summary>The services that the pipeline is added to.</summary>
    IServiceCollection Services { get; }
}

/// <summary>The standard pipeline of an HTTP client.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    /// <summary>The pipeline's name, and that of its options: <c>&lt;client&gt;-standard</c>.</summary>
    string PipelineName { get; }

    /// <summary>The services that the pipeline is added to.</summary>
    IServiceCollection Services { get; }
}
