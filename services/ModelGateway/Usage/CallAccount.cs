using Microsoft.Extensions.AI;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// The accounting of one call: metrics always, a row of the ledger once a provider was asked. Begins and ends are awaited, because
/// what a call used must be kept before it is answered.
/// </summary>
internal sealed class CallAccount(
    UsageLedger ledger,
    BudgetGuard budgets,
    PriceTable prices,
    ModelGatewayMetrics metrics,
    TimeProvider time,
    RequestContext context,
    ModelCall call,
    CallSubject subject) : IAsyncDisposable
{
    private readonly string _id = $"call-{Guid.NewGuid():n}";
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _firstToken;
    private TimeSpan _latestPart;
    private long _streamedCharacters;
    private UsageDetails? _streamedUsage;
    private BudgetLease? _lease;
    private bool _noted;
    private bool _closed;

    /// <summary>A provider is about to be asked: what the call may use is reserved, and its begin noted.</summary>
    /// <exception cref="Grpc.Core.RpcException">A budget keeps the call out.</exception>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        var most = new TokenCount(subject.UpperInputTokens, subject.UpperOutputTokens, 0, 0, Estimated: true);
        _lease = await budgets.ReserveAsync(_id, call.Organization, call.LogicalModel, most, context.Remaining(time), cancellationToken);
        _noted = true;
        await ledger.BeginAsync(_id, Row(_id, UsageRow.Interrupted, TokenCounting.Estimate(subject.InputCharacters, 0), Price.Unknown));
    }

    /// <summary>A part of a stream came.</summary>
    internal void Progress(ChatResponseUpdate update)
    {
        _streamedCharacters += update.Text.Length;
        _streamedUsage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? _streamedUsage;
        var now = time.GetElapsedTime(_began);
        metrics.Conventions.Chunk(call, now - _latestPart, isFirst: _latestPart == TimeSpan.Zero);
        _latestPart = now;
        if (_firstToken == TimeSpan.Zero)
        {
            _firstToken = now;
            metrics.FirstToken(call.ProviderModel, _firstToken);
        }
    }

    internal async Task<CallReport> SuccessAsync(UsageDetails? usage, long outputCharacters)
    {
        var tokens = TokenCounting.Count(usage, subject.InputCharacters, outputCharacters);
        var (price, duration) = await CloseAsync(UsageRow.Success, tokens);
        return CompletionMapping.Report(call, tokens, price, duration, _firstToken);
    }

    /// <summary>Nothing is charged for a call that brought nothing; a stream that broke costs what came of it.</summary>
    internal async Task<CallReport> FailureAsync(string outcome)
    {
        var tokens = _streamedUsage is null && _streamedCharacters == 0 ? TokenCount.None : TokenCounting.Count(_streamedUsage, subject.InputCharacters, _streamedCharacters);
        var (price, duration) = await CloseAsync(outcome, tokens);
        return CompletionMapping.Report(call, tokens, price, duration, _firstToken);
    }

    /// <summary>Closes the account of a call whose end nobody told: its caller left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            await FailureAsync(call.Provider is null ? "refused" : UsageRow.Cancelled);
        }
    }

    private async Task<(Price Price, TimeSpan Duration)> CloseAsync(string outcome, TokenCount tokens)
    {
        _closed = true;
        var price = prices.Cost(call.Provider?.Options, call.ProviderModel, tokens, time.GetUtcNow());
        // A failure must not take the key, or the repetition that succeeds would not be charged.
        var callId = outcome == UsageRow.Success && subject.IdempotencyKey.Length > 0 ? subject.IdempotencyKey : _id;
        var row = Row(callId, outcome, tokens, price);
        metrics.Called(call.ProviderModel, call.Operation, subject.Complexity, outcome, row.Duration);
        metrics.Conventions.Ended(call, outcome, tokens, row.Duration);
        metrics.Used(call.ProviderModel, call.Organization, tokens.Input, tokens.Output, price.Amount, price.Currency);
        try
        {
            if (call.Provider is not null)
            {
                await ledger.EndAsync(_id, row);
            }
            else if (_noted)
            {
                await ledger.WithdrawAsync(_id);
            }
        }
        finally
        {
            await budgets.SettleAsync(callId, _lease, tokens, price, asked: call.Provider is not null);
        }

        return (price, row.Duration);
    }

    private UsageRow Row(string callId, string outcome, TokenCount tokens, Price price) => new(
        call.Organization, callId, context.RequestId, call.Operation, call.Provider?.Name ?? "", call.ProviderModel,
        subject.PromptName.Length > 0 ? subject.PromptName : null,
        subject.PromptVersion > 0 ? subject.PromptVersion : null,
        tokens, price, outcome, time.GetElapsedTime(_began), time.GetUtcNow(), call.Attempts);
}
