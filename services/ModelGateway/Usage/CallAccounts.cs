using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Usage;

/// <summary>Opens the accounts of calls.</summary>
internal sealed class CallAccounts(UsageLedger ledger, BudgetGuard budgets, PriceTable prices, ModelGatewayMetrics metrics, IRequestContextAccessor accessor, TimeProvider time)
{
    internal CallAccount Begin(ModelCall call, CallSubject subject) =>
        call.Account = new CallAccount(ledger, budgets, prices, metrics, time, accessor.Current, call, subject);
}

/// <summary>What an account needs to know of a request.</summary>
internal sealed record CallSubject(long InputCharacters, long UpperInputTokens, long UpperOutputTokens)
{
    /// <summary>Repeats with the same key are charged once; empty: every call is charged.</summary>
    internal string IdempotencyKey { get; init; } = "";

    internal string PromptName { get; init; } = "";

    internal int PromptVersion { get; init; }

    internal string Complexity { get; init; } = "";
}
