using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using MatchType = Platform.Contracts.EntityResolution.V1.MatchType;

namespace Platform.Gateway.Chat;

/// <summary>What is asked, by whom it was begun, and who is meant.</summary>
/// <param name="Query">The question to answer: what was sent, or the open question that it settles.</param>
/// <param name="Conversation">State of the session; null when it begins or cannot be read.</param>
/// <param name="Mentions">What the question mentions.</param>
internal sealed record Addressed(string Query, Conversation? Conversation, IReadOnlyList<Mention> Mentions);

/// <summary>Reads the conversation and finds who a question is about; keeps a question open while that is not clear.</summary>
internal sealed class Addressing(
    Parts parts,
    Stages stages,
    EntityResolutionService.EntityResolutionServiceClient entityResolution,
    MemoryService.MemoryServiceClient memory)
{
    public async Task<Addressed> ReadAsync(AnswerWork work, CancellationToken cancellationToken)
    {
        Conversation? conversation = await ConversationAsync(work, cancellationToken);
        (string query, ResolveResponse? resolved) = await ResolveAsync(work, conversation, cancellationToken);
        return new Addressed(query, conversation, resolved?.Mentions ?? []);
    }

    /// <summary>Keeps the question open until the session says who is meant.</summary>
    public Task KeepOpenAsync(AnswerWork work, string query, Mention ambiguous, CancellationToken cancellationToken) => SetPendingAsync(
        work,
        new PendingQuestion { Query = query, Mention = ambiguous.Text, Offered = { ambiguous.Candidates.Select(c => c.Entity) } },
        cancellationToken);

    public static IEnumerable<EntityRef> Entities(IEnumerable<Mention> mentions)
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

    private async Task<Conversation?> ConversationAsync(AnswerWork work, CancellationToken cancellationToken)
    {
        if (work.Request.SessionId is null)
        {
            return null;
        }

        Part<Conversation> found = await stages.MeasureAsync("conversation", () => parts.AskAsync(
            "conversation", "memory", work.Context.OrganizationId,
            new GetConversationRequest { SessionId = work.Context.SessionId }, work.Limits.Conversation, memory.GetConversationAsync,
            cancellationToken));
        if (found.Missing)
        {
            work.Without.Add("conversation");
            return null;
        }

        // Nobody has said anything in it yet: it begins now.
        if (found.Value!.UserId.Length == 0)
        {
            return null;
        }

        return found.Value.UserId == work.Context.UserId ? found.Value : throw new UnknownSessionException(work.Context.SessionId);
    }

    private async Task<(string Query, ResolveResponse? Resolved)> ResolveAsync(
        AnswerWork work, Conversation? conversation, CancellationToken cancellationToken)
    {
        string query = work.Request.Query!;
        await work.Observer.StageStartedAsync("entity_resolution", cancellationToken);
        return await stages.MeasureAsync("entity_resolution", async () =>
        {
            PendingQuestion? pending = conversation?.Pending;
            ResolveResponse? found = await AskAsync(query, pending);
            if (pending is null || found?.Chosen is not { } chosen)
            {
                return (query, found);
            }

            // The reply settles the open question, so that question is what gets answered now.
            await SetPendingAsync(work, null, cancellationToken);
            return (pending.Query, WithChoice(await AskAsync(pending.Query, null), pending, chosen, found.Alias));
        });

        async Task<ResolveResponse?> AskAsync(string text, PendingQuestion? pending)
        {
            ResolveRequest request = new() { Text = text };
            request.ConversationEntities.AddRange(conversation?.Entities ?? []);
            if (pending is not null)
            {
                request.Pending = new PendingChoice { Text = pending.Query, Mention = pending.Mention, Offered = { pending.Offered } };
            }

            Part<ResolveResponse> found = await parts.AskAsync(
                "entities", "entity-resolution", work.Context.OrganizationId, request, work.Limits.Resolution,
                entityResolution.ResolveAsync, cancellationToken, remember: pending is null);
            if (found.Failure is not null)
            {
                work.Without.Add("entities");
            }

            return found.Value;
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

    private Task SetPendingAsync(AnswerWork work, PendingQuestion? pending, CancellationToken cancellationToken) => parts.AskAsync(
        "conversation", "memory", work.Context.OrganizationId,
        new SetPendingQuestionRequest { SessionId = work.Context.SessionId, Pending = pending },
        work.Limits.Conversation, memory.SetPendingQuestionAsync, cancellationToken);
}
