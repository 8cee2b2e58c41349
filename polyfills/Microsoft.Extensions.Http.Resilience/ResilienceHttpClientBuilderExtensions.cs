using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Http.Resilience.Pipelines;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds resilience pipelines to HTTP clients.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    private const string Standard = "standard";

    /// <summary>Adds the standard pipeline with options read from configuration.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddStandardResilienceHandler().Configure(section);
    }

    /// <summary>Adds the standard pipeline with changed options.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddStandardResilienceHandler().Configure(configure);
    }

    /// <summary>
    /// Adds the standard pipeline: rate limiter, total time limit, retries, circuit breaker, time limit of an attempt, in this order.
    /// The client's own time limit is switched off. Options are validated when the host starts.
    /// </summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var name = PipelineName(builder, Standard);
        builder.Services.AddOptionsWithValidateOnStart<HttpStandardResilienceOptions>(name);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpStandardResilienceOptions>, HttpStandardResilienceOptionsValidator>());
        builder.ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.AddResilienceHandler(Standard, (pipeline, context) =>
        {
            context.EnableReloads<HttpStandardResilienceOptions>(name);
            var options = context.GetOptions<HttpStandardResilienceOptions>(name);
            pipeline
                .AddRateLimiter(options.RateLimiter)
                .AddTimeout(options.TotalRequestTimeout)
                .AddRetry(options.Retry)
                .AddCircuitBreaker(options.CircuitBreaker)
                .AddTimeout(options.AttemptTimeout);
        });

        return new StandardPipeline(name, builder.Services);
    }

    /// <summary>Adds a pipeline of your own.</summary>
    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder,
        string pipelineName,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddResilienceHandler(pipelineName, (pipeline, _) => configure(pipeline));
    }

    /// <summary>Adds a pipeline of your own, configured with the help of services.</summary>
    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder,
        string pipelineName,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(pipelineName);
        ArgumentNullException.ThrowIfNull(configure);

        builder.Services.AddMetrics();
        builder.Services.AddLogging();
        builder.Services.TryAddSingleton<PipelineTelemetry>();
        builder.Services.TryAddSingleton<HttpPipelines>();

        var name = PipelineName(builder, pipelineName);
        builder.AddHttpMessageHandler(services => services.GetRequiredService<HttpPipelines>().Handler(name, configure));
        return new Pipeline(name, builder.Services);
    }

    /// <summary>Takes away every pipeline that was added before, for instance by <c>ConfigureHttpClientDefaults</c>.</summary>
    [Experimental("EXTEXP0001")]
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToList())
            {
                handlers.Remove(handler);
            }
        });
    }

    private static string PipelineName(IHttpClientBuilder builder, string pipeline) => $"{builder.Name}-{pipeline}";

    private sealed record Pipeline(string PipelineName, IServiceCollection Services) : IHttpResiliencePipelineBuilder;

    private sealed record StandardPipeline(string PipelineName, IServiceCollection Services) : IHttpStandardResiliencePipelineBuilder;
}
