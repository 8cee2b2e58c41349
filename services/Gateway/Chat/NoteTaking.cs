using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;

namespace Platform.Gateway.Chat;

/// <summary>Keeps what a user asks to remember, before the answer says so.</summary>
internal sealed class NoteTaking(Parts parts, Stages stages, MemoryService.MemoryServiceClient memory)
{
    /// <summary>False when it could not be kept.</summary>
    public async Task<bool> KeepAsync(AnswerWork work, IReadOnlyList<EntityRef> entities, CancellationToken cancellationToken)
    {
        await work.Observer.StageStartedAsync("remember", cancellationToken);
        MemoryRecord note = new() { Kind = MemoryKind.Note, Text = work.Request.Query };
        note.Entities.AddRange(entities);
        try
        {
            // The request id makes a repeated request keep one note.
            Part<StoreResponse> stored = await stages.MeasureAsync("remember", () => parts.AskAsync(
                "remember", "memory", work.Context.OrganizationId,
                new StoreRequest { Memory = note, IdempotencyKey = work.Context.RequestId },
                work.Limits.Conversation, memory.StoreAsync, cancellationToken));
            if (!stored.Missing)
            {
                return true;
            }
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            // The note is refused as it stands; the answer says that it was not kept.
        }

        work.Without.Add("remember");
        return false;
    }
}
