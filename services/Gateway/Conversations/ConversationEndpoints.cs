using System.Text.Json;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Conversations;

/// <summary>State of a conversation.</summary>
public sealed record ConversationView(
    string SessionId, IReadOnlyList<EntityView> Entities, IReadOnlyList<string> Topics, string LastIntent, long Turns,
    DateTimeOffset? StartedAt, DateTimeOffset? UpdatedAt, bool WaitsForChoice, IReadOnlyList<TurnView> Recent);

/// <summary>A question with its answer.</summary>
/// <param name="RequestId">Names the request in logs and traces.</param>
/// <param name="At">When it was answered.</param>
/// <param name="Query">The question.</param>
/// <param name="Answer">Markdown.</param>
/// <param name="Intent">What kind of question it was taken for.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Record">The whole answer as it was sent.</param>
public sealed record TurnView(
    string RequestId, DateTimeOffset? At, string Query, string Answer, string Intent, double Confidence, JsonElement? Record);

/// <summary>Reads and removes conversations of the caller.</summary>
internal static class ConversationEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/conversations").WithTags("Conversations").RequireRateLimit("conversations")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesValidationProblem();
        group.MapGet("/{sessionId}", ReadAsync).WithName("GetConversation")
            .WithSummary("State and newest turns of one of the caller's conversations.").Produces<ConversationView>();
        group.MapDelete("/{sessionId}", DeleteAsync).WithName("DeleteConversation")
            .WithSummary("Removes one of the caller's conversations.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http, string sessionId, MemoryService.MemoryServiceClient memory, IRequestContextAccessor accessor, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!Identifiers.IsValid(sessionId))
        {
            return ProblemMapping.Invalid(http, "sessionId", Identifiers.Allowed);
        }

        Conversation conversation = await OwnAsync(sessionId, memory, accessor, time, cancellationToken);
        ListTurnsResponse turns = await memory.ListTurnsAsync(
            new ListTurnsRequest { SessionId = sessionId, Page = new PageRequest { Size = 50 } }, time.Within(Limit, cancellationToken));
        return Results.Ok(new ConversationView(
            sessionId,
            [.. conversation.Entities.Select(ChatViews.Entity)],
            [.. conversation.Topics],
            conversation.LastIntent,
            conversation.Turns,
            ChatViews.Moment(conversation.StartedAt),
            ChatViews.Moment(conversation.UpdatedAt),
            conversation.Pending is not null,
            [.. turns.Turns.Select(t => new TurnView(
                t.RequestId, ChatViews.Moment(t.At), t.Query, t.Answer, t.Intent, t.Confidence, Record(t.RecordJson)))]));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string sessionId, MemoryService.MemoryServiceClient memory, IRequestContextAccessor accessor, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!Identifiers.IsValid(sessionId))
        {
            return ProblemMapping.Invalid(http, "sessionId", Identifiers.Allowed);
        }

        await OwnAsync(sessionId, memory, accessor, time, cancellationToken);
        await memory.DeleteConversationAsync(new DeleteConversationRequest { SessionId = sessionId }, time.Within(Limit, cancellationToken));
        return Results.NoContent();
    }

    private static async Task<Conversation> OwnAsync(
        string sessionId, MemoryService.MemoryServiceClient memory, IRequestContextAccessor accessor, TimeProvider time,
        CancellationToken cancellationToken)
    {
        Conversation conversation = await memory.GetConversationAsync(
            new GetConversationRequest { SessionId = sessionId }, time.Within(Limit, cancellationToken));
        return conversation.UserId == accessor.Current.UserId ? conversation : throw new UnknownSessionException(sessionId);
    }

    private static JsonElement? Record(string json) => json.Length == 0 ? null : JsonElement.Parse(json);
}
