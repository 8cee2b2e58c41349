using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Audit;

/// <summary>Writes what happens to a call, by the policy for outages.</summary>
internal sealed class AuditTrail(
    AuditLog log, AuditDetails details, IRequestContextAccessor accessor, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time)
{
    internal AuditedCall Begin(ModelCall call, string kind) => new(this, call, kind, Guid.NewGuid().ToString("n"), time.GetTimestamp());

    internal Task WriteAsync(AuditedCall audited, string action, Func<AuditDetails, string> detail, CancellationToken cancellationToken)
    {
        var configured = options.CurrentValue.Audit;
        if (!configured.Enabled)
        {
            return Task.CompletedTask;
        }

        var (context, at) = (accessor.Current, time.GetUtcNow());
        AuditEntry Entry() => new(audited.Call.Organization, context.RequestId, context.UserId, $"{audited.Kind}.{action}", detail(details), at);
        return configured.WhenUnavailable == AuditOutage.Refuse ? AcknowledgedAsync(log.AppendAsync(Entry), configured.CommitTimeout, cancellationToken)
            : log.TryQueue(Entry) ? Task.CompletedTask
            : throw IsAway();
    }

    internal TimeSpan Since(long began) => time.GetElapsedTime(began);

    private async Task AcknowledgedAsync(Task appended, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await appended.WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or AuditFullException)
        {
            throw IsAway();
        }
    }

    private static RpcException IsAway() => RpcErrors.Unavailable("AUDIT_UNAVAILABLE", "The call could not be written to the audit log, so it was refused.");
}

/// <summary>One call in the audit log: what was asked, and how it ended.</summary>
internal sealed record AuditedCall(AuditTrail Trail, ModelCall Call, string Kind, string Id, long Began)
{
    internal Task RequestedAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, bool isMasked, CancellationToken cancellationToken) =>
        Trail.WriteAsync(this, "requested", details => details.Request(this, messages, options, isMasked), cancellationToken);

    internal Task RequestedAsync(IReadOnlyList<string> texts, bool isMasked, CancellationToken cancellationToken) =>
        RequestedAsync([.. texts.Select(text => new ChatMessage(ChatRole.User, text))], null, isMasked, cancellationToken);

    internal Task AnsweredAsync(string text, IReadOnlyList<FunctionCallContent> calls, string finish, UsageDetails? usage, CancellationToken cancellationToken)
    {
        var outcome = Outcome("success");
        return Trail.WriteAsync(this, "answered", details => details.Answer(outcome, text, calls, finish, usage), cancellationToken);
    }

    /// <summary>The call ended without an answer; <paramref name="text"/> is what had come of one.</summary>
    internal Task FailedAsync(string reason, string text, CancellationToken cancellationToken)
    {
        var outcome = Outcome(reason);
        return Trail.WriteAsync(this, "failed", details => details.Answer(outcome, text, [], "", null), cancellationToken);
    }

    /// <summary>The call was not allowed to leave.</summary>
    internal Task RefusedAsync(string reason, string message, CancellationToken cancellationToken) =>
        Trail.WriteAsync(this, "refused", _ => AuditDetails.Refusal(this, reason, message), cancellationToken);

    private AuditOutcome Outcome(string name) => new(this, name, Call.Provider?.Name ?? "", Call.ProviderModel, Call.Attempts, Trail.Since(Began));
}

/// <summary>How a call ended, as it is known at its end.</summary>
internal sealed record AuditOutcome(AuditedCall Audited, string Name, string Provider, string Model, int Attempts, TimeSpan Duration);
