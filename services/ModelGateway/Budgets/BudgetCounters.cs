using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Limits;
using Platform.ModelGateway.Providers;
using StackExchange.Redis;

namespace Platform.ModelGateway.Budgets;

internal enum ReserveOutcome
{
    Reserved,
    Refused,

    /// <summary>A counter is not there and must be made from the ledger.</summary>
    Unborn,
}

/// <summary>What Redis said to a reservation: its outcome, the budget that decided, the state of all.</summary>
internal sealed record ReserveReply(ReserveOutcome Outcome, int Which, IReadOnlyList<BudgetState> States);

/// <summary>The counters in Redis. A null reply says that Redis cannot be asked.</summary>
internal sealed class BudgetCounters(SharedCalls shared, IOptionsMonitor<ModelGatewayOptions> options)
{
    internal async Task<ReserveReply?> ReserveAsync(string lease, IReadOnlyList<(Budget Budget, long Amount)> wanted, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            BudgetScripts.Reserve,
            [.. wanted.SelectMany(one => Keys(one.Budget))],
            [lease, (long)options.CurrentValue.Budgets.Lease.TotalMicroseconds, .. wanted.SelectMany(one => new RedisValue[] { one.Budget.Window, one.Budget.Limit, one.Amount })],
            cancellationToken,
            unheard: () => Free(lease, wanted.Select(one => one.Budget)));
        return reply is null
            ? null
            : new ReserveReply(Enum.Parse<ReserveOutcome>((string)reply[0]!, ignoreCase: true), (int)reply[1] - 1, States([.. wanted.Select(one => one.Budget)], reply[2], reply[3]));
    }

    /// <summary>Whether Redis could be told or not: the reservation ends, and the ledger counts what Redis does not.</summary>
    internal async Task SettleAsync(string callId, BudgetLease lease, Func<Budget, long> used, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            BudgetScripts.Settle,
            [lease.Held[0].Budget.CallKey(callId), .. lease.Held.SelectMany(held => Keys(held.Budget))],
            [lease.Id, .. lease.Held.SelectMany(held => new RedisValue[] { held.Budget.Window, used(held.Budget), held.Birth })],
            cancellationToken);
        if (reply is null)
        {
            Free(lease.Id, lease.Held.Select(held => held.Budget));
        }
    }

    internal async Task<bool> FromLedgerAsync(Budget budget, DateTimeOffset windowStart, long spent, CancellationToken cancellationToken) =>
        await EvaluateAsync(
            BudgetScripts.FromLedger, [.. Keys(budget)], [budget.Window, windowStart.ToUnixTimeSeconds(), spent, Guid.NewGuid().ToString("n")], cancellationToken) is not null;

    internal async Task<IReadOnlyList<BudgetState>?> ReadAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            BudgetScripts.Read, [.. budgets.SelectMany(Keys)], [.. budgets.Select(budget => (RedisValue)budget.Window)], cancellationToken);
        return reply is null ? null : States(budgets, reply[0], reply[1]);
    }

    /// <summary>Nobody uses the reservation, if there is one: it must not keep others out until it expires.</summary>
    private void Free(string lease, IEnumerable<Budget> budgets) => _ = shared.InsistAsync(BudgetScripts.Free, [.. budgets.SelectMany(Keys)], [lease]);

    private ValueTask<RedisResult[]?> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken, Action? unheard = null)
    {
        var budgets = options.CurrentValue.Budgets;
        return shared.EvaluateAsync(script, keys, arguments, budgets.SharedTimeout, budgets.SharedCoolDown, cancellationToken, unheard);
    }

    private static RedisKey[] Keys(Budget budget) => [budget.Key, $"{budget.Key}:leases"];

    private static BudgetState[] States(IReadOnlyList<Budget> budgets, RedisResult now, RedisResult states)
    {
        var moment = DateTimeOffset.UnixEpoch.AddMicroseconds(Number(now));
        return [.. ((RedisResult[])states!).Select((state, index) =>
        {
            var fields = (RedisResult[])state!;
            return new BudgetState(
                budgets[index], DateTimeOffset.FromUnixTimeSeconds(Number(fields[0])), DateTimeOffset.FromUnixTimeSeconds(Number(fields[1])),
                Number(fields[2]), Number(fields[3]), (string)fields[4]!, moment);
        })];
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);
}
