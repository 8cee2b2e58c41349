using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Registry;
using MatchType = Platform.Contracts.EntityResolution.V1.MatchType;

namespace Platform.EntityResolution.Resolution;

/// <summary>Maps between the contract and the service's own values.</summary>
internal static class Contract
{
    public static string? TypeName(EntityType type) => type switch
    {
        EntityType.Customer => "customer",
        EntityType.Order => "order",
        EntityType.Invoice => "invoice",
        EntityType.Payment => "payment",
        _ => null,
    };

    public static EntityKey Key(EntityRef entity) =>
        new(TypeName(entity.Type) ?? throw new ArgumentOutOfRangeException(nameof(entity), entity.Type, "Not an entity type."), entity.Id, entity.Name.Length > 0 ? entity.Name : entity.Id);

    public static EntityRef Ref(EntityKey entity) => new()
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

    public static Contracts.EntityResolution.V1.Mention Mention(FoundMention mention, string text)
    {
        var mapped = new Contracts.EntityResolution.V1.Mention
        {
            Text = text.Substring(mention.Start, mention.Length),
            Start = mention.Start,
            Length = mention.Length,
            DisambiguationNeeded = mention.Outcome == MentionOutcome.Ambiguous,
            NotFound = mention.Outcome == MentionOutcome.NotFound,
        };
        mapped.Candidates.AddRange(mention.Candidates.Select(Candidate));
        if (mention.Match is { } match)
        {
            mapped.Match = Candidate(match);
        }

        return mapped;
    }

    public static Candidate Candidate(FoundCandidate candidate)
    {
        var mapped = new Candidate
        {
            Entity = Ref(candidate.Entity),
            Confidence = candidate.Confidence,
            AliasId = candidate.Alias?.Id.ToString() ?? "",
            MatchType = candidate.Kind switch
            {
                MatchKind.Exact => MatchType.Exact,
                MatchKind.Alias => MatchType.Alias,
                MatchKind.Acronym => MatchType.Acronym,
                MatchKind.Fuzzy => MatchType.Fuzzy,
                MatchKind.Conversation => MatchType.Conversation,
                MatchKind.Number => MatchType.Number,
                _ => MatchType.Unspecified,
            },
        };
        mapped.Explanation.AddRange(candidate.Explanation);
        mapped.Distinguishing.Add(candidate.Distinguishing.ToDictionary());
        if (candidate.Customer is { } customer)
        {
            mapped.Customer = Ref(customer);
        }

        return mapped;
    }

    public static RegistryStatus Status(RegistryView view)
    {
        var status = new RegistryStatus { Stale = view.Stale, Names = view.Names.Names };
        if (view.AsOf is { } asOf)
        {
            status.AsOf = Timestamp.FromDateTimeOffset(asOf);
        }

        return status;
    }

    public static Alias Alias(StoredAlias alias) => new()
    {
        Id = alias.Id.ToString(),
        Alias_ = alias.Alias,
        Entity = Ref(new EntityKey(alias.EntityType, alias.EntityId, alias.EntityName)),
        Origin = alias.Origin switch
        {
            "manual" => AliasOrigin.Manual,
            "choice" => AliasOrigin.Choice,
            "import" => AliasOrigin.Import,
            _ => AliasOrigin.Unspecified,
        },
        CreatedBy = alias.CreatedBy,
        CreatedAt = Timestamp.FromDateTimeOffset(alias.CreatedAt),
        TimesUsed = alias.TimesUsed,
        RequestId = alias.RequestId,
    };
}
