using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Budgets;

/// <summary>
/// Lets a call begin when every budget of its organization has something left after all that is spent and reserved, and reserves the
/// most that it may use. So any number of calls at once, on any number of instances, goes beyond a budget by one call at most.
/// </summary>
internal sealed class BudgetGuard(
    BudgetCounters counters, BudgetLedger ledger, PriceTable prices, ProviderDirectory providers, ModelGatewayMetrics metrics,
    IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time)
{
    private const int MostBirths = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LedgerLimit = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Budget, DateTimeOffset> _used = new();

    /// <summary>Budgets that calls of this instance touched, and the window that they were in.</summary>
    internal IReadOnlyCollection<KeyValuePair<Budget, DateTimeOffset>> Used => [.. _used];

    /// <summary>Forgets a budget until a call touches it again.</summary>
    internal void Forget(Budget budget) => _used.TryRemove(budget, out _);

    /// <summary>Null when no budget limits the organization, or none can be counted and it may go on without.</summary>
    /// <exception cref="RpcException">Nothing is left, the counters are away, or the price of a model is not known.</exception>
    internal async Task<BudgetLease?> ReserveAsync(
        string callId, string organization, string model, TokenCount most, TimeSpan? remaining, CancellationToken cancellationToken)
    {
        var configured = options.CurrentValue.Budgets;
        var budgets = Budget.Of(options.CurrentValue, organization);
        if (budgets.Count == 0)
        {
            return null;
        }

        var wanted = budgets.Select(budget => (Budget: budget, Amount: Most(budget, model, most))).ToList();
        var began = time.GetTimestamp();
        var patience = remaining < configured.WaitForReservations ? remaining.Value : configured.WaitForReservations;
        var births = 0;
        for (var pause = FirstPause; wanted.Count > 0;)
        {
            var reply = await counters.ReserveAsync(callId, wanted, cancellationToken);
            if (reply is null)
            {
                return Without(budgets);
            }

            var deciding = reply.Outcome == ReserveOutcome.Reserved ? null : reply.States[reply.Which];
            switch (reply.Outcome)
            {
                case ReserveOutcome.Reserved:
                    foreach (var state in reply.States)
                    {
                        _used[state.Budget] = state.WindowStart;
                    }

                    return new BudgetLease(callId, reply.States);
                case ReserveOutcome.Unborn when births++ < MostBirths && await BearAsync(deciding!, cancellationToken):
                    continue;
                case ReserveOutcome.Unborn:
                    Without([deciding!.Budget]);
                    wanted.RemoveAt(reply.Which);
                    continue;
                default:
                    if (deciding!.Spent >= deciding.Budget.Limit || time.GetElapsedTime(began) >= patience)
                    {
                        metrics.BudgetRefused(deciding.Budget, BudgetErrors.Exceeded);
                        throw BudgetErrors.IsExceeded(deciding);
                    }

                    // Others hold what is left, and mostly give some of it back.
                    await Task.Delay(pause, time, cancellationToken);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    break;
            }
        }

        return null;
    }

    /// <summary>Frees what was reserved and counts what was used; none when no provider was asked.</summary>
    internal async Task SettleAsync(string callId, BudgetLease? lease, TokenCount used, Price price, bool asked)
    {
        if (lease is not null)
        {
            await counters.SettleAsync(
                asked ? callId : lease.Id, lease,
                budget => !asked ? 0 : budget.IsMoney && price.Currency != budget.Currency ? 0 : budget.Units(used, price.Amount),
                CancellationToken.None);
        }
    }

    /// <summary>How the organization's budgets stand; null when the counters are away.</summary>
    internal async Task<IReadOnlyList<BudgetState>?> StatesAsync(string organization, CancellationToken cancellationToken)
    {
        var budgets = Budget.Of(options.CurrentValue, organization);
        if (budgets.Count == 0)
        {
            return [];
        }

        var states = await counters.ReadAsync(budgets, cancellationToken);
        foreach (var unborn in states?.Where(state => state.Birth.Length == 0) ?? [])
        {
            await BearAsync(unborn, cancellationToken);
        }

        return states?.All(state => state.Birth.Length > 0) == true ? states : await counters.ReadAsync(budgets, cancellationToken);
    }

    private long Most(Budget budget, string model, TokenCount most)
    {
        if (!budget.IsMoney)
        {
            return Math.Max(1, budget.Units(most, null));
        }

        var costs = providers.All
            .Where(provider => provider.HasKey && provider.ModelFor(model) is not null)
            .Select(provider =>
            {
                var price = prices.Find(provider.Options, provider.ModelFor(model)!, time.GetUtcNow());
                return price is not null && price.Currency == budget.Currency
                    ? PriceTable.Cost(price.Tokens, most)
                    : throw BudgetErrors.IsUnpriced(budget, provider.Name, provider.ModelFor(model)!);
            });
        return Math.Max(1, budget.Units(most, costs.DefaultIfEmpty(0).Max()));
    }

    private async Task<bool> BearAsync(BudgetState unborn, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new CancellationTokenSource(LedgerLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var spent = await ledger.SpentAsync(unborn.Budget, unborn.WindowStart, either.Token);
            return await counters.FromLedgerAsync(unborn.Budget, unborn.WindowStart, spent, cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private BudgetLease? Without(IEnumerable<Budget> budgets)
    {
        var configured = options.CurrentValue.Budgets;
        if (budgets.FirstOrDefault(budget => (budget.IsMoney ? configured.MoneyWhenAway : configured.CountsWhenAway) == "closed") is { } closed)
        {
            metrics.BudgetRefused(closed, BudgetErrors.Unavailable);
            throw BudgetErrors.IsAway(closed);
        }

        return null;
    }
}
