using System.Text;
using System.Text.Json;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Conversations;

/// <summary>Lists, reads, exports and removes conversations of the caller.</summary>
internal static class ConversationEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/conversations").WithTags("Conversations").RequireRateLimit("conversations")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesValidationProblem();
        group.MapGet("", ListAsync).WithName("ListConversations")
            .WithSummary("The caller's conversations, latest first: size (1 to 200), token.").Produces<ConversationsView>();
        group.MapGet("/{sessionId}", ReadAsync).WithName("GetConversation")
            .WithSummary("State and newest turns of one of the caller's conversations: size, token for older turns, html.").Produces<ConversationView>();
        group.MapGet("/{sessionId}/export", ExportAsync).WithName("ExportConversation")
            .WithSummary("A conversation as a file: format \"markdown\" or \"json\".").Produces<ConversationExportView>();
        group.MapDelete("/{sessionId}", DeleteAsync).WithName("DeleteConversation")
            .WithSummary("Removes one of the caller's conversations, with the records of its answers.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        int? size, string? token, MemoryService.MemoryServiceClient memory, TimeProvider time, CancellationToken cancellationToken)
    {
        ListConversationsResponse found = await memory.ListConversationsAsync(
            new ListConversationsRequest { Page = new PageRequest { Size = size ?? 0, Token = token ?? "" } }, time.Within(Limit, cancellationToken));
        return Results.Ok(new ConversationsView(
            [.. found.Conversations.Select(c => new ConversationSummaryView(
                c.SessionId, c.Title, c.Turns, [.. c.Entities.Select(ChatViews.Entity)], ChatViews.Moment(c.StartedAt), ChatViews.Moment(c.UpdatedAt)))],
            NextToken(found.Page)));
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http, string sessionId, int? size, string? token, bool? html, MemoryService.MemoryServiceClient memory, IRequestContextAccessor accessor,
        TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Identifiers.IsValid(sessionId))
        {
            return ProblemMapping.Invalid(http, "sessionId", Identifiers.Allowed);
        }

        Conversation conversation = await OwnAsync(sessionId, memory, accessor, time, cancellationToken);
        ListTurnsResponse turns = await memory.ListTurnsAsync(
            new ListTurnsRequest { SessionId = sessionId, Page = new PageRequest { Size = size ?? 0, Token = token ?? "" } }, time.Within(Limit, cancellationToken));
        return Results.Ok(new ConversationView(
            sessionId,
            [.. conversation.Entities.Select(ChatViews.Entity)],
            [.. conversation.Topics],
            conversation.LastIntent,
            conversation.Turns,
            ChatViews.Moment(conversation.StartedAt),
            ChatViews.Moment(conversation.UpdatedAt),
            conversation.Pending is not null,
            [.. turns.Turns.Select(t => TurnView.From(t, html ?? false))],
            NextToken(turns.Page)));
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, string sessionId, string? format, MemoryService.MemoryServiceClient memory, IRequestContextAccessor accessor, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!Identifiers.IsValid(sessionId))
        {
            return ProblemMapping.Invalid(http, "sessionId", Identifiers.Allowed);
        }

        if (format is not ("markdown" or "json"))
        {
            return ProblemMapping.Invalid(http, "format", "must be \"markdown\" or \"json\"");
        }

        Conversation conversation = await OwnAsync(sessionId, memory, accessor, time, cancellationToken);
        ConversationExportView exported = await ConversationExport.ReadAsync(conversation, memory, time, Limit, cancellationToken);
        // A session id may hold a colon, which file names on some systems may not.
        string name = "conversation-" + sessionId.Replace(':', '_');
        return format == "json"
            ? Results.File(JsonSerializer.SerializeToUtf8Bytes(exported, Indented), "application/json", name + ".json")
            : Results.File(Encoding.UTF8.GetBytes(ConversationExport.ToMarkdown(exported)), "text/markdown; charset=utf-8", name + ".md");
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

    private static string? NextToken(PageResponse? page) => page is { NextToken.Length: > 0 } ? page.NextToken : null;
}
