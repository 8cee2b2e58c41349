using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.GrpcNetClient;

namespace OpenTelemetry.Trace;

/// <summary>Adds the spans of gRPC clients.</summary>
public static class TracerProviderBuilderExtensions
{
    /// <summary>Collects a span for each call of a gRPC client.</summary>
    public static TracerProviderBuilder AddGrpcClientInstrumentation(this TracerProviderBuilder builder)
        => builder.AddGrpcClientInstrumentation(name: null, configure: null);

    /// <summary>Collects a span for each call of a gRPC client.</summary>
    public static TracerProviderBuilder AddGrpcClientInstrumentation(this TracerProviderBuilder builder, Action<GrpcClientTraceInstrumentationOptions>? configure)
        => builder.AddGrpcClientInstrumentation(name: null, configure);

    /// <summary>Collects a span for each call of a gRPC client, with the options of that name.</summary>
    public static TracerProviderBuilder AddGrpcClientInstrumentation(
        this TracerProviderBuilder builder,
        string? name,
        Action<GrpcClientTraceInstrumentationOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        if (configure is not null)
        {
            builder.ConfigureServices(services => services.Configure(name, configure));
        }

        return builder
            .AddSource("Grpc.Net.Client")
            .AddInstrumentation(services =>
                new GrpcCallSpans(services.GetRequiredService<IOptionsMonitor<GrpcClientTraceInstrumentationOptions>>().Get(name)));
    }
}
