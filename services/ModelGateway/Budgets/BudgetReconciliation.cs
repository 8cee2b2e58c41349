using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Budgets;

/// <summary>
/// Lifts counters to what the ledger says. It has more when a call was made while Redis was away, when an instance ended between
/// ledger and counter, and when Redis lost what calls on their way had reserved.
/// </summary>
internal sealed partial class BudgetReconciliation(
    BudgetGuard guard, BudgetCounters counters, BudgetLedger ledger, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time, ILogger<BudgetReconciliation> logger)
    : BackgroundService
{
    internal async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var used = guard.Used;
        if (used.Count == 0)
        {
            return;
        }

        foreach (var (budget, _) in used)
        {
            if (await counters.ReadAsync([budget], cancellationToken) is not [var state])
            {
                return;
            }

            if (state.Birth.Length == 0)
            {
                guard.Forget(budget);
                continue;
            }

            var spent = await ledger.SpentAsync(budget, state.WindowStart, cancellationToken);
            if (spent > state.Spent)
            {
                await counters.FromLedgerAsync(budget, state.WindowStart, spent, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.CurrentValue.Budgets.Reconcile, time, stoppingToken);
            try
            {
                await ReconcileAsync(stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                Log.Postponed(logger, error.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BudgetsNotReconciled", Level = LogLevel.Debug, Message = "Budgets could not be compared with the ledger ({Error})")]
        internal static partial void Postponed(ILogger logger, string error);
    }
}
