using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Memory.AnswerRecords;
using Platform.Memory.Conversations;
using Platform.Memory.Interactions;
using Platform.Memory.Memories;
using Platform.ServiceDefaults;

namespace Platform.Memory.Service;

/// <summary>The service's contract over gRPC: guard, map, call, map.</summary>
internal sealed class MemoryGrpcService(
    MemoryStore memories, Remembering remembering, ConversationStore conversations, LastTurns lastTurns, AnswerRecordStore records, InteractionRecorder recorder,
    IRequestContextAccessor context, IOptionsMonitor<MemoryOptions> options, MemoryMetrics metrics, TimeProvider time)
    : MemoryService.MemoryServiceBase
{
    private const double UsualImportance = 0.5;

    private string Organization => context.Current.OrganizationId;

    public override async Task<StoreResponse> Store(StoreRequest request, ServerCallContext call)
    {
        var now = time.GetUtcNow();
        Requests.Check(request, now);
        var asked = request.Memory;
        var memory = new StoredMemory(
            Guid.CreateVersion7(now),
            Contract.KindName(asked.Kind)!,
            asked.Text,
            [.. asked.Entities.Select(Contract.Entity)],
            context.Current.UserId,
            context.Current.SessionId,
            Collection(asked.Collection),
            asked.Importance == 0 ? UsualImportance : asked.Importance,
            asked.Metadata?.ToString() ?? "{}",
            now,
            asked.ExpiresAt?.ToDateTimeOffset());
        // The prefix keeps callers' keys apart from those of recorded interactions.
        var key = request.IdempotencyKey.Length == 0 ? null : "store:" + request.IdempotencyKey;
        using var limit = Limit(call);
        var (stored, created) = await memories.AddAsync(Organization, memory, key, limit.Token);
        if (created)
        {
            metrics.Stored(stored.Kind);
        }

        return new StoreResponse { Memory = Contract.Record(stored), Created = created };
    }

    public override async Task<RetrieveResponse> Retrieve(RetrieveRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var query = new MemoryQuery(
            request.Query,
            [.. request.Entities.Select(Contract.Entity).DistinctBy(e => e.Link)],
            [.. request.Kinds.Select(kind => Contract.KindName(kind)!)],
            Collection(request.Collection),
            request.OwnOnly ? context.Current.UserId : null,
            request.EntitiesOnly,
            request.Limit == 0 ? 10 : request.Limit);
        using var limit = Limit(call);
        var response = new RetrieveResponse { WithoutMeaning = true };
        response.Memories.AddRange((await remembering.RetrieveAsync(Organization, query, limit.Token)).Select(Contract.Scored));
        return response;
    }

    public override async Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext call)
    {
        using var limit = Limit(call);
        return new DeleteResponse { Deleted = await memories.DeleteAsync(Organization, Requests.CheckId(request.Id), limit.Token) };
    }

    public override async Task<RecordInteractionResponse> RecordInteraction(Interaction request, ServerCallContext call)
    {
        var current = context.Current;
        var interaction = request.Clone();
        interaction.UserId = interaction.UserId.Length > 0 ? interaction.UserId : current.UserId;
        interaction.SessionId = interaction.SessionId.Length > 0 ? interaction.SessionId : current.SessionId;
        using var limit = Limit(call);
        try
        {
            return new RecordInteractionResponse { Recorded = await recorder.RecordAsync(current.OrganizationId, interaction, "call", limit.Token) };
        }
        catch (InvalidInteractionException exception)
        {
            throw RpcErrors.InvalidArgument(exception.Problems);
        }
    }

    public override async Task<Conversation> GetConversation(GetConversationRequest request, ServerCallContext call)
    {
        var session = Requests.CheckSession(request.SessionId);
        using var limit = Limit(call);
        await lastTurns.RecordedAsync(Organization, session, limit.Token);
        return await conversations.FindAsync(Organization, session, limit.Token) is { } found
            ? Contract.Conversation(found)
            : new Conversation { SessionId = session };
    }

    public override async Task<ListConversationsResponse> ListConversations(ListConversationsRequest request, ServerCallContext call)
    {
        var size = Requests.CheckPage(request.Page);
        var (before, beforeSession) = Requests.CheckToken(request.Page?.Token);
        using var limit = Limit(call);
        var found = await conversations.ListAsync(Organization, context.Current.UserId, before, beforeSession, size + 1, limit.Token);
        var response = new ListConversationsResponse { Page = new PageResponse() };
        response.Conversations.AddRange(found.Take(size).Select(entry => Contract.Conversation(entry.Conversation, entry.Title)));
        if (found.Count > size)
        {
            response.Page.NextToken = Requests.Token(found[size - 1].Conversation.UpdatedAt, found[size - 1].Conversation.SessionId);
        }

        return response;
    }

    public override async Task<AnswerRecord> GetAnswerRecord(GetAnswerRecordRequest request, ServerCallContext call)
    {
        var id = Requests.CheckRequestId(request.RequestId);
        using var limit = Limit(call);
        return await records.FindAsync(Organization, context.Current.UserId, id, limit.Token) ?? throw RpcErrors.NotFound("answer", id);
    }

    public override async Task<Feedback> SetFeedback(SetFeedbackRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var feedback = new Feedback { Verdict = request.Verdict, Comment = request.Comment, GivenAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
        using var limit = Limit(call);
        return await records.SetFeedbackAsync(Organization, context.Current.UserId, request.RequestId, feedback, limit.Token)
            ? feedback
            : throw RpcErrors.NotFound("answer", request.RequestId);
    }

    public override async Task<ListTurnsResponse> ListTurns(ListTurnsRequest request, ServerCallContext call)
    {
        var session = Requests.CheckSession(request.SessionId);
        var size = Requests.CheckPage(request.Page);
        var (before, beforeRequest) = Requests.CheckToken(request.Page?.Token);
        using var limit = Limit(call);
        var turns = await conversations.ListTurnsAsync(Organization, session, before, beforeRequest, size + 1, limit.Token);
        var response = new ListTurnsResponse { Page = new PageResponse() };
        response.Turns.AddRange(turns.Take(size).Select(turn => Contract.Interaction(turn, Organization)));
        if (turns.Count > size)
        {
            response.Page.NextToken = Requests.Token(turns[size - 1].At, turns[size - 1].RequestId);
        }

        return response;
    }

    public override async Task<DeleteConversationResponse> DeleteConversation(DeleteConversationRequest request, ServerCallContext call)
    {
        var session = Requests.CheckSession(request.SessionId);
        using var limit = Limit(call);
        return new DeleteConversationResponse { Deleted = await conversations.DeleteAsync(Organization, session, limit.Token) };
    }

    public override async Task<Conversation> SetPendingQuestion(SetPendingQuestionRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var now = time.GetUtcNow();
        var pending = request.Pending is { } asked
            ? new OpenQuestion(asked.Query, asked.Mention, [.. asked.Offered.Select(Contract.Entity)], asked.AskedAt?.ToDateTimeOffset() ?? now)
            : null;
        using var limit = Limit(call);
        return Contract.Conversation(await conversations.SetPendingAsync(Organization, request.SessionId, context.Current.UserId, pending, now, limit.Token));
    }

    public override async Task<Statistics> GetStatistics(GetStatisticsRequest request, ServerCallContext call)
    {
        using var limit = Limit(call);
        var statistics = new Statistics { Encoder = Remembering.Encoder };
        foreach (var (collection, count, bytes) in await memories.MeasureAsync(Organization, limit.Token))
        {
            statistics.Collections.Add(new CollectionStatistics { Collection = collection, Memories = count, Bytes = bytes });
        }

        return statistics;
    }

    public override Task<Document> AttachDocument(IAsyncStreamReader<AttachDocumentRequest> requests, ServerCallContext call) => throw DocumentsAreMissing();

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext call) => throw DocumentsAreMissing();

    private static RpcException DocumentsAreMissing() =>
        RpcErrors.WithReason(StatusCode.Unimplemented, "DOCUMENTS_NOT_AVAILABLE", "Documents cannot be attached yet: this version has no storage and no antivirus service.");

    private static string Collection(string asked) => asked.Length == 0 ? Contract.DefaultCollection : asked;

    private CancellationTokenSource Limit(ServerCallContext call)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        limit.CancelAfter(options.CurrentValue.DatabaseTimeout);
        return limit;
    }
}
