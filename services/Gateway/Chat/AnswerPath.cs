using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Gateway.Degradation;
using Platform.Gateway.Interactions;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;
using MatchType = Platform.Contracts.EntityResolution.V1.MatchType;

namespace Platform.Gateway.Chat;

/// <summary>
/// Resolve entities → (memories ∥ patterns ∥ facts ∥ data question) → synthesize → weigh the decision when one is asked
/// for → generate → keep the interaction (A2). Every stage has its own limit and a way on without it.
/// </summary>
internal sealed class AnswerPath(
    Parts parts,
    Retrieval retrieval,
    Stages stages,
    EntityResolutionService.EntityResolutionServiceClient entityResolution,
    MemoryService.MemoryServiceClient memory,
    ContextSynthesisService.ContextSynthesisServiceClient synthesis,
    Generation generation,
    InteractionQueue interactions,
    DegradationMonitor degradation,
    GatewayMetrics metrics,
    IOptionsMonitor<ChatOptions> options,
    TimeProvider time)
{
    public async Task<ChatResponse> AnswerAsync(
        ChatRequest request, RequestContext context, IAnswerObserver observer, bool record, CancellationToken cancellationToken)
    {
        ChatOptions limits = options.CurrentValue;
        List<string> without = [];

        Conversation? conversation = await ConversationAsync(request, context, limits, without, cancellationToken);
        (string query, ResolveResponse? resolved) =
            await ResolveAsync(request.Query!, conversation, context, limits, observer, without, cancellationToken);

        IReadOnlyList<Mention> mentions = resolved?.Mentions ?? [];
        IReadOnlyList<EntityView> entities = ChatViews.Entities(mentions);
        await observer.EntitiesResolvedAsync(entities, cancellationToken);

        if (mentions.FirstOrDefault(m => m.DisambiguationNeeded) is { } ambiguous)
        {
            return await AskBackAsync(request, query, ambiguous, entities, context, limits, without, cancellationToken);
        }

        Understanding understanding =
            await UnderstandAsync(query, conversation, mentions, context, limits, observer, without, cancellationToken);

        await observer.StageStartedAsync("retrieval", cancellationToken);
        EntityRef[] entityRefs = [.. understanding.Entities.Count > 0 ? understanding.Entities.Distinct() : Entities(mentions)];
        string standalone = understanding.StandaloneQuery.Length > 0 ? understanding.StandaloneQuery : query;
        Retrieved retrieved = await stages.MeasureAsync("retrieval", () =>
            retrieval.RetrieveAsync(standalone, understanding, entityRefs, context, cancellationToken));
        without.AddRange(retrieved.Missing.Select(m => m.Part));
        without.AddRange(retrieved.Remembered);

        SynthesizedContext synthesized = await SynthesizeAsync(
            query, understanding, conversation, mentions, entityRefs, retrieved, context, limits, observer, without, cancellationToken);

        if (understanding.Intent == Intent.Remember
            && !await RememberAsync(request.Query!, entityRefs, context, limits, observer, without, cancellationToken))
        {
            synthesized.Notes.Add(Fallbacks.NotRemembered);
        }

        await observer.StageStartedAsync("generation", cancellationToken);
        GenerateResponse written = await stages.MeasureAsync("generation", () =>
            generation.WriteAsync(synthesized, request, context, limits, observer, without, cancellationToken));

        ChatResponse response = new(
            written.Text,
            Math.Round(written.Confidence, 4),
            ChatViews.Sources(written.Sources),
            [.. written.Suggestions],
            Math.Round(written.QualityScore, 4),
            written.PassedQualityGates,
            entities,
            ChatViews.Notes(written.Notes),
            Degradation(without),
            context.RequestId,
            context.SessionId,
            ChatViews.Intent(understanding.Intent),
            written.Method,
            stages.Snapshot(),
            null,
            ChatViews.Decision(synthesized.Decision),
            ChatViews.Insights(synthesized.Patterns),
            request.ExplainGates ? ChatViews.Gates(written.Gates) : null,
            ChatViews.Model(written.ModelUse));

        if (record)
        {
            await RecordAsync(request.Query!, understanding, entityRefs, response, context, cancellationToken);
        }

        metrics.Answered(response);
        return response;
    }

    private async Task<Conversation?> ConversationAsync(
        ChatRequest request, RequestContext context, ChatOptions limits, List<string> without, CancellationToken cancellationToken)
    {
        if (request.SessionId is null)
        {
            return null;
        }

        Part<Conversation> found = await stages.MeasureAsync("conversation", () => parts.AskAsync(
            "conversation", "memory", context.OrganizationId,
            new GetConversationRequest { SessionId = context.SessionId }, limits.Conversation, memory.GetConversationAsync,
            cancellationToken));
        if (found.Missing)
        {
            without.Add("conversation");
            return null;
        }

        // Nobody has said anything in it yet: it begins now.
        if (found.Value!.UserId.Length == 0)
        {
            return null;
        }

        return found.Value.UserId == context.UserId ? found.Value : throw new UnknownSessionException(context.SessionId);
    }

    private async Task<(string Query, ResolveResponse? Resolved)> ResolveAsync(
        string query,
        Conversation? conversation,
        RequestContext context,
        ChatOptions limits,
        IAnswerObserver observer,
        List<string> without,
        CancellationToken cancellationToken)
    {
        await observer.StageStartedAsync("entity_resolution", cancellationToken);
        return await stages.MeasureAsync("entity_resolution", async () =>
        {
            PendingQuestion? pending = conversation?.Pending;
            Part<ResolveResponse> found = await AskAsync(query, pending);
            if (pending is null || found.Value?.Chosen is not { } chosen)
            {
                return (query, found.Value);
            }

            // The reply settles the open question, so that question is what gets answered now.
            await SetPendingAsync(null, context, limits, cancellationToken);
            Part<ResolveResponse> settled = await AskAsync(pending.Query, null);
            return (pending.Query, WithChoice(settled.Value, pending, chosen, found.Value.Alias));
        });

        async Task<Part<ResolveResponse>> AskAsync(string text, PendingQuestion? pending)
        {
            ResolveRequest request = new() { Text = text };
            request.ConversationEntities.AddRange(conversation?.Entities ?? []);
            if (pending is not null)
            {
                request.Pending = new PendingChoice { Text = pending.Query, Mention = pending.Mention, Offered = { pending.Offered } };
            }

            Part<ResolveResponse> found = await parts.AskAsync(
                "entities", "entity-resolution", context.OrganizationId, request, limits.Resolution,
                entityResolution.ResolveAsync, cancellationToken, remember: pending is null);
            if (found.Failure is not null)
            {
                without.Add("entities");
            }

            return found;
        }
    }

    private static ResolveResponse WithChoice(ResolveResponse? resolved, PendingQuestion pending, EntityRef chosen, Alias? alias)
    {
        ResolveResponse settled = resolved?.Clone() ?? new ResolveResponse();
        Candidate choice = new()
        {
            Entity = chosen,
            MatchType = MatchType.Alias,
            Confidence = 1,
            Explanation = { "chosen in this conversation" },
            AliasId = alias?.Id ?? "",
        };

        Mention? open = settled.Mentions.FirstOrDefault(m => string.Equals(m.Text, pending.Mention, StringComparison.OrdinalIgnoreCase));
        if (open is null)
        {
            settled.Mentions.Insert(0, new Mention { Text = pending.Mention, Match = choice, Candidates = { choice } });
        }
        else
        {
            open.DisambiguationNeeded = false;
            open.NotFound = false;
            open.Match = choice;
        }

        return settled;
    }

    private async Task<ChatResponse> AskBackAsync(
        ChatRequest request,
        string query,
        Mention ambiguous,
        IReadOnlyList<EntityView> entities,
        RequestContext context,
        ChatOptions limits,
        List<string> without,
        CancellationToken cancellationToken)
    {
        PendingQuestion pending = new()
        {
            Query = query,
            Mention = ambiguous.Text,
            Offered = { ambiguous.Candidates.Select(c => c.Entity) },
        };
        Task keep = SetPendingAsync(pending, context, limits, cancellationToken);
        GenerateResponse written = await stages.MeasureAsync("generation", () =>
            generation.WriteDisambiguationAsync(query, ambiguous, request, context, limits, without, cancellationToken));
        await keep;

        ChatResponse response = new(
            written.Text, Math.Round(written.Confidence, 4), [], [.. written.Suggestions], Math.Round(written.QualityScore, 4),
            written.PassedQualityGates, entities, ChatViews.Notes(written.Notes), Degradation(without), context.RequestId,
            context.SessionId, "disambiguation", written.Method, stages.Snapshot(), ChatViews.Disambiguation(ambiguous), null, [],
            null, null);
        metrics.Answered(response);
        return response;
    }

    private async Task SetPendingAsync(
        PendingQuestion? pending, RequestContext context, ChatOptions limits, CancellationToken cancellationToken) =>
        await parts.AskAsync(
            "conversation", "memory", context.OrganizationId,
            new SetPendingQuestionRequest { SessionId = context.SessionId, Pending = pending },
            limits.Conversation, memory.SetPendingQuestionAsync, cancellationToken);

    private async Task<Understanding> UnderstandAsync(
        string query,
        Conversation? conversation,
        IReadOnlyList<Mention> mentions,
        RequestContext context,
        ChatOptions limits,
        IAnswerObserver observer,
        List<string> without,
        CancellationToken cancellationToken)
    {
        await observer.StageStartedAsync("understanding", cancellationToken);
        UnderstandRequest request = new() { Query = query, Conversation = conversation };
        request.Mentions.AddRange(mentions);
        Part<Understanding> found = await stages.MeasureAsync("understanding", () => parts.AskAsync(
            "understanding", "context-synthesis", context.OrganizationId, request, limits.Understanding,
            synthesis.UnderstandAsync, cancellationToken, remember: true));
        if (found.Failure is not null)
        {
            without.Add("understanding");
        }

        return found.Value ?? Fallbacks.Understanding(query, mentions);
    }

    private async Task<SynthesizedContext> SynthesizeAsync(
        string query,
        Understanding understanding,
        Conversation? conversation,
        IReadOnlyList<Mention> mentions,
        IReadOnlyList<EntityRef> entities,
        Retrieved retrieved,
        RequestContext context,
        ChatOptions limits,
        IAnswerObserver observer,
        List<string> without,
        CancellationToken cancellationToken)
    {
        await observer.StageStartedAsync("synthesis", cancellationToken);
        SynthesizeRequest request = new()
        {
            Query = query,
            Understanding = understanding,
            Conversation = conversation,
            DataQuestion = retrieved.DataQuestion,
        };
        request.Mentions.AddRange(mentions);
        request.Memories.AddRange(retrieved.Memories);
        request.Patterns.AddRange(retrieved.Patterns);
        request.Facts.AddRange(retrieved.Facts);
        request.Missing.AddRange(retrieved.Missing);
        request.Missing.AddRange(without.Intersect(["entities", "conversation"])
            .Select(part => new MissingPart { Part = part, Reason = "unavailable" }));

        Part<SynthesizedContext> found = await stages.MeasureAsync("synthesis", () => parts.AskAsync(
            "synthesis", "context-synthesis", context.OrganizationId, request, limits.Synthesis,
            synthesis.SynthesizeAsync, cancellationToken));
        if (found.Missing)
        {
            without.Add("synthesis");
        }

        SynthesizedContext synthesized = found.Value
            ?? Fallbacks.Context(request, entities, time.GetUtcNow());
        if (understanding.Intent != Intent.Decision || entities.Count == 0)
        {
            return synthesized;
        }

        await observer.StageStartedAsync("decision", cancellationToken);
        try
        {
            Part<DecisionAnalysis> decision = await stages.MeasureAsync("decision", () => parts.AskAsync(
                "decision", "context-synthesis", context.OrganizationId,
                new AnalyzeDecisionRequest { Framework = understanding.Framework, Context = synthesized },
                limits.Decision, synthesis.AnalyzeDecisionAsync, cancellationToken));
            if (decision.Missing)
            {
                without.Add("decision");
                synthesized.Notes.Add(Fallbacks.NoDecision);
            }

            synthesized.Decision = decision.Value;
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            without.Add("decision");
            synthesized.Notes.Add(Fallbacks.NoDecision);
        }

        return synthesized;
    }

    /// <summary>Keeps what the user asked to remember before the answer says so. False when it could not be kept.</summary>
    private async Task<bool> RememberAsync(
        string text,
        IReadOnlyList<EntityRef> entities,
        RequestContext context,
        ChatOptions limits,
        IAnswerObserver observer,
        List<string> without,
        CancellationToken cancellationToken)
    {
        await observer.StageStartedAsync("remember", cancellationToken);
        MemoryRecord note = new() { Kind = MemoryKind.Note, Text = text };
        note.Entities.AddRange(entities);
        try
        {
            // The request id makes a repeated request keep one note.
            Part<StoreResponse> stored = await stages.MeasureAsync("remember", () => parts.AskAsync(
                "remember", "memory", context.OrganizationId,
                new StoreRequest { Memory = note, IdempotencyKey = context.RequestId },
                limits.Conversation, memory.StoreAsync, cancellationToken));
            if (!stored.Missing)
            {
                return true;
            }
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            // The note is refused as it stands; the answer says that it was not kept.
        }

        without.Add("remember");
        return false;
    }

    private async Task RecordAsync(
        string query,
        Understanding understanding,
        IReadOnlyList<EntityRef> entities,
        ChatResponse response,
        RequestContext context,
        CancellationToken cancellationToken)
    {
        Interaction interaction = new()
        {
            RequestId = context.RequestId,
            SessionId = context.SessionId,
            UserId = context.UserId,
            OrganizationId = context.OrganizationId,
            Query = query,
            Answer = response.Answer,
            Intent = response.Intent,
            Confidence = response.Confidence,
            At = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            RecordJson = ChatJson.Record(response),
        };
        interaction.Topics.AddRange(understanding.Topics);
        interaction.Entities.AddRange(entities);
        await interactions.EnqueueAsync(interaction, cancellationToken);
    }

    private DegradationView Degradation(IReadOnlyList<string> without)
    {
        string[] missing = [.. without.Distinct()];
        return new DegradationView(ChatViews.Name(degradation.LevelFor(missing)), missing);
    }

    private static IEnumerable<EntityRef> Entities(IEnumerable<Mention> mentions)
    {
        HashSet<(EntityType, string)> seen = [];
        foreach (Mention mention in mentions)
        {
            if (mention.Match is not { } match)
            {
                continue;
            }

            if (seen.Add((match.Entity.Type, match.Entity.Id)))
            {
                yield return match.Entity;
            }

            // An order or invoice is asked about together with its customer.
            if (match.Customer is { Id.Length: > 0 } customer && seen.Add((customer.Type, customer.Id)))
            {
                yield return customer;
            }
        }
    }
}
