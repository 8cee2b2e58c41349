using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

internal static class TelemetryExtensions
{
    private const string OwnSources = "Platform.*";
    private static readonly PathString[] NotTraced = ["/health", "/metrics", KeptTraces.Path];

    internal static void AddPlatformTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<TelemetryOptions>(TelemetryOptions.Section);
        builder.AddPlatformOptions<BudgetOptions>(BudgetOptions.Section);
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<UndecidedTraces>().AddHostedService<KeptTraces>();
        builder.Services.AddSingleton<PerformanceBudgets>().AddHostedService(services => services.GetRequiredService<PerformanceBudgets>());
        var options = new TelemetryOptions();
        builder.Configuration.GetSection(TelemetryOptions.Section).Bind(options);

        // Entries carry their trace by themselves; as a scope it would be in each of them once more.
        builder.Services.Configure<LoggerFactoryOptions>(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => AddOwnName(resource, builder))
            .WithTracing(tracing =>
            {
                tracing.SetSampler(new EdgeSampler(options.TraceSampling))
                    .AddProcessor<LoneDatabaseCallFilter>()
                    .AddSource(OwnSources)
                    .AddAspNetCoreInstrumentation(http => http.Filter = IsWorthATrace)
                    .AddHttpClientInstrumentation()
                    .AddGrpcClientInstrumentation();
                if (options.ConsoleTraces && builder.Environment.IsDevelopment())
                {
                    tracing.AddConsoleExporter();
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(OwnSources, "Polly")
                    .AddView(MetricViews.Choose)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter();
            });
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.ExportOverOtlp(builder.Configuration);
        }
    }

    // As UseOtlpExporter does, but for spans that may be kept later than when they end.
    private static void ExportOverOtlp(this OpenTelemetryBuilder telemetry, IConfiguration configuration) => telemetry
        .WithMetrics(metrics => metrics.AddOtlpExporter())
        .WithLogging(logs => logs.AddOtlpExporter())
        .WithTracing(tracing => tracing.AddProcessor(services => new TailExport(
            new OtlpTraceExporter(services.GetRequiredService<IOptionsMonitor<OtlpExporterOptions>>().CurrentValue),
            services.GetRequiredService<UndecidedTraces>(),
            configuration.GetValue("OTEL_BSP_SCHEDULE_DELAY", TailExport.UsualDelayMilliseconds))));

    /// <summary>How operations are doing against their budgets, beside <c>/health</c>.</summary>
    internal static void MapPlatformBudgets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/health/budgets", (PerformanceBudgets budgets) => TypedResults.Json(budgets.Report())).OnHttpEndpointOnly();

    // A name that the environment gives is the resource's; AddService would win over it.
    private static void AddOwnName(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_SERVICE_NAME"]))
        {
            resource.AddService(builder.Environment.ApplicationName);
        }
    }

    // Probes come every few seconds for ever and would bury what matters.
    private static bool IsWorthATrace(HttpContext context)
    {
        foreach (var path in NotTraced)
        {
            if (context.Request.Path.StartsWithSegments(path))
            {
                return false;
            }
        }

        return true;
    }
}
