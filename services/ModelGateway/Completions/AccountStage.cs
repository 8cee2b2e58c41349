using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>Reserves in the budgets what the call may use, and notes in the journal that a provider is about to be asked.</summary>
internal sealed class AccountStage(IChatClient inner) : BeforeCallStage(inner)
{
    protected override Task BeforeAsync(ModelCall call, CancellationToken cancellationToken) =>
        call.Account?.BeginAsync(cancellationToken) ?? Task.CompletedTask;
}
