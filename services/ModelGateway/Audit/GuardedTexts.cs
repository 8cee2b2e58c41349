using Grpc.Core;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// What the stages do for chats, for calls that send texts and get none back: embeddings and moderation. Placeholders become masks
/// here, so that the same text has the same vector each time.
/// </summary>
internal sealed class GuardedTexts(SafetyScreen screen, AuditTrail trail)
{
    internal async Task<T> CallAsync<T>(ModelCall call, string kind, IReadOnlyList<string> texts, Func<IReadOnlyList<string>, Task<T>> ask, CancellationToken cancellationToken)
    {
        var audited = trail.Begin(call, kind);
        string[] safe;
        try
        {
            safe = [.. texts.Select(text => screen.Apply(call.Organization, text, null))];
        }
        catch (RpcException error)
        {
            await audited.RefusedAsync(RpcErrors.Reason(error) ?? "", error.Status.Detail, cancellationToken);
            throw;
        }

        await audited.RequestedAsync(safe, screen.Enabled, cancellationToken);
        T result;
        try
        {
            result = await ask(safe);
        }
        catch (Exception error)
        {
            await audited.FailedAsync(error is ProviderException provider ? provider.Kind.Name() : error is OperationCanceledException ? "cancelled" : "unknown_error", "", CancellationToken.None);
            throw;
        }

        await audited.AnsweredAsync("", [], "", null, cancellationToken);
        return result;
    }
}
