using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// Keeps attempts beyond the first from multiplying an outage: every call of this instance saves up a share of an attempt, every
/// further attempt spends a whole one. Moving on to a provider that was not asked yet is never refused, but spends as well, so
/// that repetition stops first.
/// </summary>
internal sealed class RetryBudget(IOptionsMonitor<ModelGatewayOptions> options)
{
    private const int Scale = 1000;

    private int _saved = options.CurrentValue.Retry.BudgetReserve * Scale;

    /// <summary>A call began.</summary>
    internal void Earn()
    {
        Change((int)(options.CurrentValue.Retry.BudgetShare * Scale));
    }

    /// <summary>Spends an attempt; false when none is saved up.</summary>
    internal bool TrySpend()
    {
        while (true)
        {
            var saved = Volatile.Read(ref _saved);
            if (saved < Scale)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _saved, saved - Scale, saved) == saved)
            {
                return true;
            }
        }
    }

    /// <summary>Spends an attempt that is made in any case.</summary>
    internal void Spend() => Change(-Scale);

    /// <summary>An attempt that was paid for was not made.</summary>
    internal void Return() => Change(Scale);

    private int Reserve => options.CurrentValue.Retry.BudgetReserve * Scale;

    private void Change(int by)
    {
        while (true)
        {
            var saved = Volatile.Read(ref _saved);
            // What was spent without being saved up is owed, up to as much as can be saved.
            var changed = Math.Clamp(saved + by, -Reserve, Reserve);
            if (Interlocked.CompareExchange(ref _saved, changed, saved) == saved)
            {
                return;
            }
        }
    }
}
