using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Degradation;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Answers;

/// <summary>What is known of an answer afterwards: its record, what its reader said, and how it would come out today.</summary>
internal static class AnswerEndpoints
{
    private const int MostBytes = 16 * 1024;
    private const int LongestComment = 2_000;

    // The scale of prompt feedback is 0 to 5.
    private const double UpScore = 5;
    private const double DownScore = 0;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static void MapAnswers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/answers/{requestId}").WithTags("Answers").RequireRateLimit("answers")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable).ProducesValidationProblem();
        group.MapGet("", ReadAsync).WithName("GetAnswer")
            .WithSummary("How one of the caller's answers came about. It can be read a moment after the answer.").Produces<AnswerView>();
        group.MapPost("/feedback", JudgeAsync).WithName("GiveFeedback").Accepts<FeedbackRequest>("application/json")
            .WithSummary("What the caller thinks of the answer: \"up\" or \"down\", and why. The last word counts.").Produces<FeedbackView>();
        group.MapPost("/replay", ReplayAsync).WithName("ReplayAnswer").RequireRateLimit("chat")
            .WithSummary("Asks the question again, as of the day it was asked, and tells what has changed.").Produces<ReplayView>();
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http, string requestId, MemoryService.MemoryServiceClient memory, DashboardLinks links, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(http, requestId, memory, time, cancellationToken) is not { } found)
        {
            return Unknown(http, requestId);
        }

        AnswerView view = new(
            found.RequestId, found.SessionId, ChatViews.Moment(found.At), found.Query, found.Answer,
            found.RecordJson.Length > 0 ? JsonElement.Parse(found.RecordJson) : null, View(found.Feedback), links.Trace(requestId));
        return Results.Json(view, ReadableJson.Answers.AnswerView);
    }

    private static async Task<IResult> JudgeAsync(
        HttpContext http, string requestId, MemoryService.MemoryServiceClient memory, PromptsService.PromptsServiceClient prompts, TimeProvider time,
        CancellationToken cancellationToken)
    {
        (FeedbackRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.FeedbackRequest, MostBytes, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        if (Errors(request) is { Count: > 0 } errors)
        {
            return ProblemMapping.Invalid(http, errors);
        }

        if (await FindAsync(http, requestId, memory, time, cancellationToken) is not { } found)
        {
            return Unknown(http, requestId);
        }

        bool isUp = request.Verdict == "up";
        string comment = request.Comment ?? "";

        // First where it counts: when that is away nothing is kept, and the same request can be sent again.
        bool counted = await CountAsync(found, isUp, comment, prompts, time, cancellationToken);
        Feedback kept = await memory.SetFeedbackAsync(
            new SetFeedbackRequest { RequestId = requestId, Verdict = isUp ? Verdict.Up : Verdict.Down, Comment = comment }, time.Within(Limit, cancellationToken));
        return Results.Ok(View(kept)! with { Counted = counted });
    }

    private static async Task<IResult> ReplayAsync(
        HttpContext http, string requestId, MemoryService.MemoryServiceClient memory, Replaying replaying, IRequestContextAccessor accessor,
        DegradationMonitor degradation, IOptionsMonitor<ChatOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (degradation.InMaintenance)
        {
            return ProblemMapping.Maintenance(http);
        }

        if (await FindAsync(http, requestId, memory, time, cancellationToken) is not { RecordJson.Length: > 0 } found)
        {
            return Unknown(http, requestId);
        }

        ChatOptions limits = options.CurrentValue;
        using IDisposable scope = accessor.Use(accessor.Current with { Deadline = time.GetUtcNow() + limits.Total });
        ReplayView replay = await replaying.ReplayAsync(found, accessor.Current, limits, cancellationToken);
        return Results.Json(replay, ReadableJson.Answers.ReplayView);
    }

    private static async Task<AnswerRecord?> FindAsync(
        HttpContext http, string requestId, MemoryService.MemoryServiceClient memory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Identifiers.IsValid(requestId))
        {
            return null;
        }

        try
        {
            return await memory.GetAnswerRecordAsync(new GetAnswerRecordRequest { RequestId = requestId }, time.Within(Limit, cancellationToken));
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static IResult Unknown(HttpContext http, string requestId) => ProblemMapping.Problem(
        http, StatusCodes.Status404NotFound, "Unknown answer",
        $"No answer with the request id {(Identifiers.IsValid(requestId) ? requestId : "given")} was given to this user, its record is no longer kept, or it is not stored yet.",
        new Dictionary<string, string[]> { ["requestId"] = ["is not an answer of this user"] });

    /// <summary>Whether a version of a prompt that can be compared wrote the answer; then its performance hears of it.</summary>
    private static async Task<bool> CountAsync(
        AnswerRecord found, bool isUp, string comment, PromptsService.PromptsServiceClient prompts, TimeProvider time, CancellationToken cancellationToken)
    {
        AnswerRecordView? record = found.RecordJson.Length > 0 ? JsonSerializer.Deserialize(found.RecordJson, ReadableJson.Answers.AnswerRecordView) : null;
        if (record?.Response.Model is not { PromptName.Length: > 0 } model)
        {
            return false;
        }

        try
        {
            await prompts.RecordFeedbackAsync(
                new RecordFeedbackRequest
                {
                    PromptName = model.PromptName, Version = model.PromptVersion, RequestId = found.RequestId, Score = isUp ? UpScore : DownScore, Comment = comment,
                },
                time.Within(Limit, cancellationToken));
            return true;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.NotFound)
        {
            // A prompt of the generation service's own settings that the model gateway does not know.
            return false;
        }
    }

    private static Dictionary<string, string[]> Errors(FeedbackRequest request)
    {
        Dictionary<string, string[]> errors = [];
        if (request.Verdict is not ("up" or "down"))
        {
            errors["verdict"] = ["must be \"up\" or \"down\""];
        }

        if (request.Comment is { } comment && (comment.Length > LongestComment || comment.Contains('\0', StringComparison.Ordinal)))
        {
            errors["comment"] = [$"must have at most {LongestComment} characters, none of them U+0000"];
        }

        return errors;
    }

    private static FeedbackView? View(Feedback? feedback) =>
        feedback is null ? null : new FeedbackView(ChatViews.Name(feedback.Verdict), feedback.Comment, ChatViews.Moment(feedback.GivenAt));
}
