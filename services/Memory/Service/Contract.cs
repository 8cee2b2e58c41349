using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Memory.Conversations;
using Platform.Memory.Memories;

namespace Platform.Memory.Service;

/// <summary>Maps between the contract and the service's own values.</summary>
internal static class Contract
{
    public const string DefaultCollection = "default";

    public static string? TypeName(EntityType type) => type switch
    {
        EntityType.Customer => "customer",
        EntityType.Order => "order",
        EntityType.Invoice => "invoice",
        EntityType.Payment => "payment",
        _ => null,
    };

    public static string? KindName(MemoryKind kind) => kind switch
    {
        MemoryKind.Interaction => StoredMemory.Interaction,
        MemoryKind.Note => "note",
        MemoryKind.Preference => "preference",
        MemoryKind.Decision => "decision",
        MemoryKind.Document => "document",
        MemoryKind.Context => "context",
        _ => null,
    };

    public static LinkedEntity Entity(EntityRef entity) =>
        new(TypeName(entity.Type) ?? throw new ArgumentOutOfRangeException(nameof(entity), entity.Type, "Not an entity type."), entity.Id, entity.Name);

    public static EntityRef Ref(LinkedEntity entity) => new()
    {
        Type = entity.Type switch
        {
            "customer" => EntityType.Customer,
            "order" => EntityType.Order,
            "invoice" => EntityType.Invoice,
            "payment" => EntityType.Payment,
            _ => EntityType.Unspecified,
        },
        Id = entity.Id,
        Name = entity.Name,
    };

    public static MemoryRecord Record(StoredMemory memory)
    {
        var record = new MemoryRecord
        {
            Id = memory.Id.ToString(),
            Kind = memory.Kind switch
            {
                StoredMemory.Interaction => MemoryKind.Interaction,
                "note" => MemoryKind.Note,
                "preference" => MemoryKind.Preference,
                "decision" => MemoryKind.Decision,
                "document" => MemoryKind.Document,
                "context" => MemoryKind.Context,
                _ => MemoryKind.Unspecified,
            },
            Text = memory.Text,
            UserId = memory.UserId,
            SessionId = memory.SessionId,
            Collection = memory.Collection == DefaultCollection ? "" : memory.Collection,
            CreatedAt = Timestamp.FromDateTimeOffset(memory.CreatedAt),
            Importance = memory.Importance,
            Metadata = JsonParser.Default.Parse<Struct>(memory.MetadataJson),
            ExpiresAt = memory.ExpiresAt is { } expires ? Timestamp.FromDateTimeOffset(expires) : null,
        };
        record.Entities.AddRange(memory.Entities.Select(Ref));
        return record;
    }

    public static ScoredMemory Scored(ScoredStoredMemory scored) => new()
    {
        Memory = Record(scored.Memory),
        Score = Math.Round(scored.Score, 4),
        EntityScore = Math.Round(scored.EntityScore, 4),
        RecencyScore = Math.Round(scored.RecencyScore, 4),
        MeaningScore = Math.Round(scored.MeaningScore, 4),
    };

    public static Conversation Conversation(StoredConversation stored, string title = "")
    {
        var conversation = new Conversation
        {
            Title = title,
            SessionId = stored.SessionId,
            UserId = stored.UserId,
            LastIntent = stored.LastIntent,
            LastQuery = stored.LastQuery,
            Turns = stored.Turns,
            StartedAt = Timestamp.FromDateTimeOffset(stored.StartedAt),
            UpdatedAt = Timestamp.FromDateTimeOffset(stored.UpdatedAt),
        };
        conversation.Entities.AddRange(stored.Entities.Select(Ref));
        conversation.Topics.AddRange(stored.Topics);
        conversation.Listed.AddRange(stored.Listed.Select(Ref));
        if (stored.Pending is { } pending)
        {
            conversation.Pending = new PendingQuestion { Query = pending.Query, Mention = pending.Mention, AskedAt = Timestamp.FromDateTimeOffset(pending.AskedAt) };
            conversation.Pending.Offered.AddRange(pending.Offered.Select(Ref));
        }

        return conversation;
    }

    public static Interaction Interaction(Turn turn, string organization)
    {
        var interaction = new Interaction
        {
            RequestId = turn.RequestId,
            SessionId = turn.SessionId,
            UserId = turn.UserId,
            OrganizationId = organization,
            Query = turn.Query,
            Answer = turn.Answer,
            Intent = turn.Intent,
            Confidence = turn.Confidence,
            At = Timestamp.FromDateTimeOffset(turn.At),
            RecordJson = turn.RecordJson ?? "",
        };
        interaction.Topics.AddRange(turn.Topics);
        interaction.Entities.AddRange(turn.Entities.Select(Ref));
        return interaction;
    }
}
