using System.Globalization;
using System.Text;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Conversations;

/// <summary>A whole conversation to take away.</summary>
public sealed record ConversationExportView(string SessionId, DateTimeOffset? StartedAt, DateTimeOffset? UpdatedAt, IReadOnlyList<ExportedTurnView> Turns);

/// <summary>A question with its answer.</summary>
public sealed record ExportedTurnView(
    string RequestId, DateTimeOffset? At, string Query, string Answer, string Intent, double Confidence, IReadOnlyList<EntityView> Entities);

/// <summary>Reads all turns of a conversation, oldest first, and writes them as Markdown or for programs.</summary>
internal static class ConversationExport
{
    /// <summary>Turns that an export holds at most; a conversation of that length is a year of daily use.</summary>
    private const int MostTurns = 10_000;

    private const int PageSize = 200;

    public static async Task<ConversationExportView> ReadAsync(
        Conversation conversation, MemoryService.MemoryServiceClient memory, TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        List<ExportedTurnView> turns = [];
        ListTurnsRequest request = new() { SessionId = conversation.SessionId, Page = new PageRequest { Size = PageSize } };
        do
        {
            ListTurnsResponse page = await memory.ListTurnsAsync(request, time.Within(limit, cancellationToken));
            turns.AddRange(page.Turns.Select(t => new ExportedTurnView(
                t.RequestId, ChatViews.Moment(t.At), t.Query, t.Answer, t.Intent, t.Confidence, [.. t.Entities.Select(ChatViews.Entity)])));
            request.Page.Token = page.Page?.NextToken ?? "";
        }
        while (request.Page.Token.Length > 0 && turns.Count < MostTurns);

        turns.Reverse();
        return new ConversationExportView(
            conversation.SessionId, ChatViews.Moment(conversation.StartedAt), ChatViews.Moment(conversation.UpdatedAt), turns);
    }

    public static string ToMarkdown(ConversationExportView conversation)
    {
        StringBuilder text = new();
        text.Append("# ").AppendLine(conversation.Turns.Count > 0 ? OneLine(conversation.Turns[0].Query) : "Conversation");
        foreach (ExportedTurnView turn in conversation.Turns)
        {
            text.AppendLine().Append("## ").AppendLine(OneLine(turn.Query)).AppendLine();
            text.AppendLine(turn.Answer.TrimEnd()).AppendLine();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture, $"*{turn.At:yyyy-MM-dd HH:mm} UTC · confidence {turn.Confidence:0.00} · request {turn.RequestId}*"));
        }

        return text.ToString();
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
