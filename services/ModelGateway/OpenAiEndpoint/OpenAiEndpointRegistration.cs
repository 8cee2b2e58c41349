using Microsoft.AspNetCore.Http.Features;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>The gateway for programs that speak OpenAI's HTTP protocol: the same pipeline as the gRPC service.</summary>
internal static partial class OpenAiEndpointRegistration
{
    internal static void AddOpenAiEndpoint(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EndpointCallers>();
        builder.Services.AddSingleton<EndpointModels>();
        builder.Services.AddSingleton<ChatEndpoint>();
        builder.Services.AddSingleton<VectorEndpoint>();
        builder.Services.AddSingleton<ModerationEndpoint>();
        builder.Services.AddSingleton<ModelListEndpoint>();
    }

    internal static void MapOpenAiEndpoint(this WebApplication app)
    {
        var services = app.Services;
        app.MapPost("/v1/chat/completions", Guarded(services, services.GetRequiredService<ChatEndpoint>().AnswerAsync));
        app.MapPost("/v1/embeddings", Guarded(services, services.GetRequiredService<VectorEndpoint>().AnswerAsync));
        app.MapPost("/v1/moderations", Guarded(services, services.GetRequiredService<ModerationEndpoint>().AnswerAsync));
        app.MapGet("/v1/models", Guarded(services, services.GetRequiredService<ModelListEndpoint>().ListAsync));
        app.MapGet("/v1/models/{model}", Guarded(services, services.GetRequiredService<ModelListEndpoint>().OneAsync));
    }

    /// <summary>Settles who asks before anything else, and turns whatever goes wrong into OpenAI's error body.</summary>
    private static RequestDelegate Guarded(IServiceProvider services, Func<HttpContext, Task> answer)
    {
        var callers = services.GetRequiredService<EndpointCallers>();
        var accessor = services.GetRequiredService<IRequestContextAccessor>();
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Platform.ModelGateway.OpenAiEndpoint");
        return async http =>
        {
            var requestId = accessor.Current.RequestId;
            try
            {
                if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                {
                    size.MaxRequestBodySize = callers.MaximumRequestBytes;
                }

                var caller = callers.Identify(http.Request, accessor.Current);
                using var scope = accessor.Use(caller with { Deadline = EndpointRequest.Deadline(http, time.GetUtcNow()) });
                await answer(http);
            }
            catch (Exception) when (http.RequestAborted.IsCancellationRequested)
            {
                // The client left; nobody reads the answer. 499 is what proxies log for it.
                if (!http.Response.HasStarted)
                {
                    http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                }
            }
            catch (Exception error)
            {
                var refusal = EndpointErrors.Describe(error, requestId);
                if (refusal is null)
                {
                    Log.Failed(logger, error, http.Request.Path);
                }

                if (http.Response.HasStarted)
                {
                    // For this exception the server sends what was written, then closes without the mark that ends a body: clients that
                    // overlook the error event must not take the end of the body for the end of the answer.
                    throw new BadHttpRequestException("The answer broke off.", error);
                }

                await EndpointErrors.SendAsync(http, refusal ?? EndpointErrors.Unexpected(requestId));
            }
        };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "EndpointFailed", Level = LogLevel.Error, Message = "{Path} failed unexpectedly")]
        internal static partial void Failed(ILogger logger, Exception error, string? path);
    }
}
