using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Platform.ServiceDefaults;

/// <summary>gRPC between the services.</summary>
public static class GrpcExtensions
{
    /// <summary>
    /// Registers the generated client <typeparamref name="TClient"/> for the service with the discovery name
    /// <paramref name="service"/>, e.g. <c>entity-resolution</c>. Every call carries the request context and a deadline no later
    /// than the caller's. Nothing is repeated unless <paramref name="retry"/> names it; a service that cannot be reached is
    /// refused at once by a breaker until it is back.
    /// </summary>
    public static IHttpClientBuilder AddPlatformGrpcClient<TClient>(this IHostApplicationBuilder builder, string service, GrpcRetry? retry = null)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        var address = new Uri($"http://_grpc.{service}");
        var client = builder.Services.AddGrpcClient<TClient>(options => options.Address = address)
            .AddInterceptor(services => services.GetRequiredService<RequestContextClientInterceptor>());
        if (retry is not null)
        {
            client.AddInterceptor(services => new RetryInterceptor(retry, new RetryBudget(), services.GetRequiredService<TimeProvider>()));
        }

        client.ConfigurePrimaryHttpMessageHandler(services => new TraceHeadersHandler
        {
            // Behind another handler the factory does not give it the host's meters: the service that is called times the call (MetricViews).
            InnerHandler = new SocketsHttpHandler
            {
                ConnectTimeout = services.GetRequiredService<IOptionsMonitor<ResilienceOptions>>().CurrentValue.ConnectTimeout,
                EnableMultipleHttp2Connections = true,
                PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
                // The call has a span; one more for the request that carries it would tell nothing new.
                ActivityHeadersPropagator = null,
            },
        });
        client.AddHttpMessageHandler(() => new BrokenCircuitHandler());
        client.AddResilienceHandler("platform-grpc", static (pipeline, context) =>
        {
            var options = context.ServiceProvider.GetRequiredService<IOptionsMonitor<ResilienceOptions>>().CurrentValue;
            pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumThroughput,
                SamplingDuration = options.BreakerSamplingDuration,
                BreakDuration = options.BreakDuration,
            });
            pipeline.AddTimeout(options.AttemptTimeout);
        });
        return client;
    }

    internal static void AddPlatformGrpc(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<RpcServerMetrics>();
        builder.Services.TryAddSingleton<RequestContextServerInterceptor>();
        builder.Services.TryAddSingleton<ErrorMappingInterceptor>();
        builder.Services.TryAddSingleton<RequestContextClientInterceptor>();
        builder.Services.AddGrpc(options =>
        {
            // Outermost first: errors are mapped inside the context, so that their log lines and details carry the request id.
            options.Interceptors.Add<RequestContextServerInterceptor>();
            options.Interceptors.Add<ErrorMappingInterceptor>();
        });
        builder.Services.AddGrpcHealthChecks(options =>
            options.Services.Map("", check => check.Tags.Contains(HealthTags.Required)));
    }
}
