using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Contracts.Memory.V1;
using Platform.Memory.AnswerRecords;
using Platform.Memory.Conversations;
using Platform.Memory.Memories;
using Platform.Memory.Service;

namespace Platform.Memory.Interactions;

/// <summary>An interaction that can never be recorded, with what is wrong about each field.</summary>
internal sealed class InvalidInteractionException(IReadOnlyList<(string Field, string Description)> problems)
    : Exception("The interaction is not valid: " + string.Join("; ", problems.Select(p => $"{p.Field} {p.Description}")))
{
    public IReadOnlyList<(string Field, string Description)> Problems { get; } = problems;
}

/// <summary>Records an interaction exactly once, whichever way and however often it arrives.</summary>
internal sealed class InteractionRecorder(
    ConversationStore conversations, AnswerRecordStore records, RecordScreen screen, IOptionsMonitor<MemoryOptions> options, MemoryMetrics metrics, TimeProvider time)
{
    public const int LongestQuery = 16_000;
    public const int LongestAnswer = 200_000;
    public const int LongestRecord = 1_000_000;
    private const int MostEntities = 50;
    private const double Importance = 0.4;

    /// <summary>False when the request had been recorded before.</summary>
    /// <exception cref="InvalidInteractionException">The interaction breaks the contract.</exception>
    public async Task<bool> RecordAsync(string organization, Interaction interaction, string way, CancellationToken cancellationToken)
    {
        var problems = Check(organization, interaction);
        if (problems.Count > 0)
        {
            throw new InvalidInteractionException(problems);
        }

        var at = interaction.At?.ToDateTimeOffset() ?? time.GetUtcNow();
        var entities = interaction.Entities.Select(Contract.Entity).ToList();
        var user = interaction.UserId.Length > 0 ? interaction.UserId : "anonymous";
        var turn = new Turn(
            interaction.RequestId, interaction.SessionId, user, interaction.Query, interaction.Answer, interaction.Intent, [.. interaction.Topics],
            entities, interaction.Confidence, null, at);
        var memory = new StoredMemory(
            Guid.CreateVersion7(at), StoredMemory.Interaction, Summary(interaction), entities, user, interaction.SessionId, Contract.DefaultCollection, Importance,
            JsonSerializer.Serialize(new { requestId = interaction.RequestId, intent = interaction.Intent, confidence = interaction.Confidence }), at, null);

        var recorded = await conversations.RecordAsync(organization, turn, State(interaction), memory, options.CurrentValue.ConversationEntities, cancellationToken);
        if (interaction.RecordJson.Length > 0 && (recorded || !await records.ExistsAsync(organization, interaction.RequestId, cancellationToken)))
        {
            // After the turn: follow-ups must not wait for it, and a crash between the two is mended when the event comes again.
            await records.AddAsync(organization, turn, await screen.MaskAsync(interaction.RecordJson, cancellationToken), cancellationToken);
        }

        metrics.Recorded(way, recorded);
        if (recorded)
        {
            metrics.Stored(StoredMemory.Interaction);
        }

        return recorded;
    }

    private static TurnState State(Interaction interaction) => new(
        interaction.Question.Length > 0 ? interaction.Question : interaction.Query,
        interaction.Listed is { } listed ? [.. listed.Entities.Select(Contract.Entity)] : null);

    private static string Summary(Interaction interaction)
    {
        var text = $"Asked: {interaction.Query}\nAnswered: {interaction.Answer}";
        return text.Length <= Requests.LongestText ? text : text[..(char.IsHighSurrogate(text[Requests.LongestText - 1]) ? Requests.LongestText - 1 : Requests.LongestText)];
    }

    private static List<(string Field, string Description)> Check(string organization, Interaction interaction)
    {
        var problems = new List<(string Field, string Description)>();
        Requests.CheckText(problems, "request_id", interaction.RequestId, 1, 200);
        Requests.CheckText(problems, "session_id", interaction.SessionId, 0, 200);
        Requests.CheckText(problems, "user_id", interaction.UserId, 0, 200);
        Requests.CheckText(problems, "query", interaction.Query, 1, LongestQuery);
        Requests.CheckText(problems, "answer", interaction.Answer, 0, LongestAnswer);
        Requests.CheckText(problems, "intent", interaction.Intent, 0, 100);
        Requests.CheckText(problems, "record_json", interaction.RecordJson, 0, LongestRecord);
        Requests.CheckEntities(problems, "entities", interaction.Entities, MostEntities);
        Requests.CheckText(problems, "question", interaction.Question, 0, LongestQuery);
        if (interaction.Listed is { } listed)
        {
            Requests.CheckEntities(problems, "listed.entities", listed.Entities, MostEntities);
        }

        foreach (var topic in interaction.Topics)
        {
            Requests.CheckText(problems, "topics", topic, 1, 200);
        }

        if (interaction.OrganizationId.Length > 0 && interaction.OrganizationId != organization)
        {
            problems.Add(("organization_id", "differs from the organization of the call"));
        }

        if (interaction.Confidence is not (>= 0 and <= 1))
        {
            problems.Add(("confidence", "must be 0 to 1"));
        }

        if (interaction.RecordJson.Length > 0 && problems.Count == 0 && !IsJson(interaction.RecordJson))
        {
            problems.Add(("record_json", "is no JSON that can be stored"));
        }

        return problems;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            // PostgreSQL's jsonb cannot hold this character, even escaped.
            return !text.Contains("\\u0000", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
