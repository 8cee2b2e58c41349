using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Platform.Gateway.Degradation;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary><c>POST /api/chat</c> and <c>POST /api/chat/stream</c> (A1).</summary>
internal static class ChatEndpoints
{
    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder chat = routes.MapGroup("/api").WithTags("Chat")
            .RequireRateLimit("chat")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesValidationProblem();

        chat.MapPost("/chat", AnswerAsync)
            .WithName("Chat")
            .WithSummary("Answers a question.")
            .Accepts<ChatRequest>("application/json")
            .Produces<ChatResponse>();

        chat.MapPost("/chat/stream", StreamAsync)
            .WithName("ChatStream")
            .WithSummary("Answers a question as server-sent events: stage, entities, delta, reset, completed, error.")
            .WithDescription("The event `completed` carries the same answer as POST /api/chat. With `?html=true` text events carry HTML too.")
            .Accepts<ChatRequest>("application/json")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        AnswerPath answers,
        IRequestContextAccessor accessor,
        DegradationMonitor degradation,
        IOptionsMonitor<ChatOptions> options,
        ILogger<AnswerPath> logger,
        CancellationToken cancellationToken)
    {
        (ChatRequest? request, IResult? problem) = await ReadAsync(http, degradation, options.CurrentValue, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        using IDisposable scope = accessor.Enter(InSession(accessor, request), logger);
        ChatResponse response = await answers.AnswerAsync(request, accessor.Current, SilentObserver.Instance, record: true, cancellationToken);
        return Results.Json(response, ReadableJson.Chat.ChatResponse);
    }

    private static async Task<IResult> StreamAsync(
        HttpContext http,
        [FromQuery] bool? html,
        AnswerPath answers,
        IRequestContextAccessor accessor,
        DegradationMonitor degradation,
        IOptionsMonitor<ChatOptions> options,
        ILogger<AnswerPath> logger,
        CancellationToken cancellationToken)
    {
        (ChatRequest? request, IResult? problem) = await ReadAsync(http, degradation, options.CurrentValue, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        using IDisposable scope = accessor.Enter(InSession(accessor, request), logger);
        ChatStream stream = new(http.Response, html ?? false);
        try
        {
            ChatResponse response = await answers.AnswerAsync(request, accessor.Current, stream, record: true, cancellationToken);
            await stream.CompletedAsync(response, cancellationToken);
        }
        catch (Exception failure) when (stream.Begun && failure is not OperationCanceledException)
        {
            ProblemDetails details = ProblemMapping.From(failure, accessor.Current.RequestId);
            ProblemMapping.Log(http, failure, details);
            await stream.SendAsync("error", details, ProblemJson.Default.ProblemDetails, cancellationToken);
        }

        return Results.Empty;
    }

    private static async Task<(ChatRequest? Request, IResult? Problem)> ReadAsync(
        HttpContext http, DegradationMonitor degradation, ChatOptions options, CancellationToken cancellationToken)
    {
        if (degradation.InMaintenance)
        {
            return (null, ProblemMapping.Maintenance(http));
        }

        (ChatRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, ChatJson.Default.ChatRequest, options.MaxBodyBytes, cancellationToken);
        if (request is null)
        {
            return (null, problem);
        }

        return ChatRequestValidator.Errors(request, options) is { } errors
            ? (null, ProblemMapping.Invalid(http, errors))
            : (request, null);
    }

    private static RequestContext InSession(IRequestContextAccessor accessor, ChatRequest request) =>
        accessor.Current with { SessionId = request.SessionId ?? Guid.CreateVersion7().ToString("N") };
}
