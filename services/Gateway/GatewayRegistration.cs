using Grpc.AspNetCore.Server;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Gateway.Answers;
using Platform.Gateway.Authentication;
using Platform.Gateway.Chat;
using Platform.Gateway.Contexts;
using Platform.Gateway.Conversations;
using Platform.Gateway.Customers;
using Platform.Gateway.Degradation;
using Platform.Gateway.Entities;
using Platform.Gateway.Idempotency;
using Platform.Gateway.Interactions;
using Platform.Gateway.Operations;
using Platform.Gateway.RateLimiting;
using Platform.Gateway.Rows;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.Gateway;

/// <summary>What the gateway is made of.</summary>
internal static class GatewayRegistration
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.AddPlatformGrpcClient<EntityResolutionService.EntityResolutionServiceClient>("entity-resolution");
        builder.AddPlatformGrpcClient<MemoryService.MemoryServiceClient>("memory");
        builder.AddPlatformGrpcClient<PatternAnalysisService.PatternAnalysisServiceClient>("pattern-analysis");
        builder.AddPlatformGrpcClient<FactsService.FactsServiceClient>("data-questions");
        builder.AddPlatformGrpcClient<DataQuestionsService.DataQuestionsServiceClient>("data-questions");
        builder.AddPlatformGrpcClient<ContextSynthesisService.ContextSynthesisServiceClient>("context-synthesis");
        builder.AddPlatformGrpcClient<ResponseGenerationService.ResponseGenerationServiceClient>("response-generation");

        builder.AddPlatformGrpcClient<PromptsService.PromptsServiceClient>("model-gateway");
        builder.AddPlatformGrpcClient<UsageService.UsageServiceClient>("model-gateway");
        builder.AddPlatformGrpcClient<ModelGatewayService.ModelGatewayServiceClient>("model-gateway");

        builder.AddPlatformOptions<ChatOptions>(ChatOptions.Section);
        builder.AddPlatformOptions<RateLimitOptions>(RateLimitOptions.Section);
        builder.AddPlatformOptions<IdempotencyOptions>(IdempotencyOptions.Section);
        builder.AddPlatformOptions<DegradationOptions>(DegradationOptions.Section);
        builder.AddPlatformOptions<AuthenticationOptions>(AuthenticationOptions.Section);

        builder.Services.AddScoped<AnswerPath>().AddScoped<Addressing>().AddScoped<Weighing>().AddScoped<NoteTaking>();
        builder.Services.AddScoped<Retrieval>().AddScoped<Generation>().AddScoped<Stages>().AddScoped<Replaying>();
        builder.Services.AddSingleton<Parts>().AddSingleton<RateLimiter>().AddSingleton<DegradationMonitor>().AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<PlatformProcesses>();
        builder.Services.AddSingleton<IdempotencyKeys>().AddSingleton<SharedKeys>().AddSingleton<AnswerRecording>().AddSingleton<DashboardLinks>();
        builder.Services.AddSingleton<InteractionQueue>().AddHostedService(services => services.GetRequiredService<InteractionQueue>());
        // The gateway serves no gRPC but health: an unknown address is for HTTP to refuse.
        builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.IgnoreUnknownServices = true);
        builder.Services.AddHostedService<WarmUp>();
        builder.Services.AddOpenApi();
    }

    /// <summary>The HTTP API, a line for each capability.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapChat();
        app.MapAnswers();
        app.MapConversations();
        app.MapCustomers();
        app.MapRows();
        app.MapEntities();
        app.MapContexts();
        app.MapStatus();
        app.MapOperations();
    }

    /// <summary>Serves the chat page, which loads nothing from elsewhere.</summary>
    public static void UsePage(this WebApplication app)
    {
        app.Use(static (http, next) =>
        {
            http.Response.Headers.ContentSecurityPolicy =
                "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(http);
        });
        app.UseDefaultFiles();
        app.UseStaticFiles();
    }
}
