using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience.Pipelines;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Chooses the instance of a pipeline by the request.</summary>
public static class HttpResiliencePipelineBuilderExtensions
{
    /// <summary>One instance, and so one circuit breaker and limiter, for each scheme, host and port.</summary>
    public static IHttpResiliencePipelineBuilder SelectPipelineByAuthority(this IHttpResiliencePipelineBuilder builder)
        => builder.SelectPipelineBy(static _ => PipelineSelection.ByAuthority);

    /// <summary>One instance for each key that the selector returns.</summary>
    public static IHttpResiliencePipelineBuilder SelectPipelineBy(
        this IHttpResiliencePipelineBuilder builder,
        Func<IServiceProvider, Func<HttpRequestMessage, string>> selectorFactory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(selectorFactory);

        builder.Services.AddOptions<PipelineSelection>(builder.PipelineName)
            .Configure<IServiceProvider>((selection, services) => selection.KeyOf = selectorFactory(services));
        return builder;
    }
}
