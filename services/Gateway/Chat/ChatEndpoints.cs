using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Platform.Gateway.Answers;
using Platform.Gateway.Degradation;
using Platform.Gateway.Idempotency;
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
            .WithDescription("With the header Idempotency-Key a repeat gets the answer of the first time; 409 while that is being made, 422 for another body.")
            .Accepts<ChatRequest>("application/json")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
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
        AnswerRecording recording,
        IdempotencyKeys keys,
        IRequestContextAccessor accessor,
        DegradationMonitor degradation,
        IOptionsMonitor<ChatOptions> options,
        ILogger<AnswerPath> logger,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        ChatOptions limits = options.CurrentValue;
        (ChatRequest? request, IResult? problem) = await ReadAsync(http, degradation, limits, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        await using IdempotentRequest once = await keys.BeginAsync(http, accessor.Current, request, cancellationToken);
        if ((once.Problem ?? (once.Earlier is { } earlier ? Results.Json(earlier, ReadableJson.Chat.ChatResponse) : null)) is { } settled)
        {
            return settled;
        }

        using IDisposable scope = accessor.Enter(ForAnswer(accessor.Current, request, limits, time), logger);
        AnswerWork work = new(request, accessor.Current, limits, SilentObserver.Instance);
        ChatResponse response = await AnswerOnceAsync(answers, recording, once, work, cancellationToken);
        return Results.Json(response, ReadableJson.Chat.ChatResponse);
    }

    private static async Task<IResult> StreamAsync(
        HttpContext http,
        [FromQuery] bool? html,
        AnswerPath answers,
        AnswerRecording recording,
        IdempotencyKeys keys,
        IRequestContextAccessor accessor,
        DegradationMonitor degradation,
        IOptionsMonitor<ChatOptions> options,
        ILogger<AnswerPath> logger,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        ChatOptions limits = options.CurrentValue;
        (ChatRequest? request, IResult? problem) = await ReadAsync(http, degradation, limits, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        await using IdempotentRequest once = await keys.BeginAsync(http, accessor.Current, request, cancellationToken);
        if (once.Problem is not null)
        {
            return once.Problem;
        }

        using IDisposable scope = accessor.Enter(ForAnswer(accessor.Current, request, limits, time), logger);
        ChatStream stream = new(http.Response, html ?? false);
        try
        {
            ChatResponse response = once.Earlier
                ?? await AnswerOnceAsync(answers, recording, once, new AnswerWork(request, accessor.Current, limits, stream), cancellationToken);
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

    // What is recorded and kept for repeats is safe before the caller sees the answer (A5).
    private static async Task<ChatResponse> AnswerOnceAsync(
        AnswerPath answers, AnswerRecording recording, IdempotentRequest once, AnswerWork work, CancellationToken cancellationToken)
    {
        Answered answered = await answers.AnswerAsync(work, cancellationToken);
        await recording.KeepAsync(work, answered, cancellationToken);
        await once.KeepAsync(answered.Response, cancellationToken);
        return answered.Response;
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

    private static RequestContext ForAnswer(RequestContext current, ChatRequest request, ChatOptions limits, TimeProvider time) => current with
    {
        SessionId = request.SessionId ?? Guid.CreateVersion7().ToString("N"),
        Deadline = time.GetUtcNow() + limits.Total,
    };
}
