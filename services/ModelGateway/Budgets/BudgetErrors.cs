using System.Globalization;
using Grpc.Core;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Budgets;

/// <summary>Refusals that name the limit, what is left of it and when it resets, in words and as metadata.</summary>
internal static class BudgetErrors
{
    internal const string Exceeded = "BUDGET_EXCEEDED";
    internal const string Unavailable = "BUDGET_UNAVAILABLE";
    internal const string Unpriced = "PRICE_UNKNOWN";

    internal static RpcException IsExceeded(BudgetState state)
    {
        var budget = state.Budget;
        var resets = state.WindowEnd.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var held = state.Reserved > 0 ? $" ({budget.Text(state.Reserved)} are held by calls on their way)" : "";
        return RpcErrors.ResourceExhausted(
            Exceeded,
            $"The budget of {budget.Text(budget.Limit)}{(budget.IsMoney ? "" : " " + budget.Unit.ToString().ToLowerInvariant())} a {budget.Window} is used up: "
            + $"{budget.Text(state.Left)} are left{held}. It resets at {resets}.",
            state.WindowEnd - state.Now,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["limit"] = budget.Text(budget.Limit),
                ["unit"] = budget.Unit.ToString().ToLowerInvariant(),
                ["window"] = budget.Window,
                ["left"] = budget.Text(state.Left),
                ["resets_at"] = resets,
            });
    }

    internal static RpcException IsAway(Budget budget) => RpcErrors.Unavailable(
        Unavailable,
        $"What is left of the budget of {budget.Text(budget.Limit)}{(budget.IsMoney ? "" : " " + budget.Unit.ToString().ToLowerInvariant())} a {budget.Window} cannot be read now, so no call is made.");

    internal static RpcException IsUnpriced(Budget budget, string provider, string model) => RpcErrors.FailedPrecondition(
        Unpriced,
        $"The organization has a budget of {budget.Text(budget.Limit)} a {budget.Window}, and no price list gives the price of \"{model}\" of \"{provider}\" in {budget.Currency}. Add it under modelGateway:prices.");
}
