using Microsoft.Extensions.AI;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Telemetry;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Opens the accounts of calls.</summary>
internal sealed class CallAccounts(UsageLedger ledger, ModelGatewayMetrics metrics, IRequestContextAccessor accessor, TimeProvider time)
{
    internal CallAccount Begin(ModelCall call, long inputCharacters, CompletionRequest? request = null) =>
        new(ledger, metrics, time, accessor.Current.RequestId, call, inputCharacters, request);
}

/// <summary>The accounting of one call: metrics always, a usage row once a provider was asked.</summary>
internal sealed class CallAccount(
    UsageLedger ledger,
    ModelGatewayMetrics metrics,
    TimeProvider time,
    string requestId,
    ModelCall call,
    long inputCharacters,
    CompletionRequest? request)
{
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _firstToken;

    /// <summary>A part of a stream came.</summary>
    internal void Progress()
    {
        if (_firstToken == TimeSpan.Zero)
        {
            _firstToken = time.GetElapsedTime(_began);
            metrics.FirstToken(call.ProviderModel, _firstToken);
        }
    }

    internal CallReport Success(UsageDetails? usage, long outputCharacters)
    {
        var tokens = Pricing.Count(usage, inputCharacters, outputCharacters);
        var price = Pricing.Cost(call.Provider?.Options, call.ProviderModel, tokens);
        var duration = Close("success", tokens, price);
        return CompletionMapping.Report(call, tokens, price, duration, _firstToken);
    }

    internal void Failure(string outcome) => Close(outcome, TokenCount.None, Pricing.Cost(null, "", TokenCount.None));

    private TimeSpan Close(string outcome, TokenCount tokens, Price price)
    {
        var duration = time.GetElapsedTime(_began);
        metrics.Called(call.ProviderModel, call.Operation, request?.Complexity ?? "", outcome, duration);
        metrics.Used(call.ProviderModel, call.Organization, tokens.Input, tokens.Output, price.Amount, price.Currency);
        if (call.Provider is { } provider)
        {
            ledger.Add(new UsageRow(
                call.Organization, CallId(outcome), requestId, call.Operation, provider.Name, call.ProviderModel,
                request?.PromptName is { Length: > 0 } prompt ? prompt : null,
                request?.PromptVersion is > 0 and var version ? version : null,
                tokens, price, outcome, duration, time.GetUtcNow()));
        }

        return duration;
    }

    // A failure must not take the key, or the repetition that succeeds would not be charged.
    private string CallId(string outcome) =>
        outcome == "success" && request?.IdempotencyKey is { Length: > 0 } key ? key : $"call-{Guid.NewGuid():n}";
}
