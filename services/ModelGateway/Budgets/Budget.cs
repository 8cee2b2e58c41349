using System.Globalization;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Budgets;

internal enum BudgetUnit
{
    Requests,
    Tokens,
    Money,
}

/// <summary>A budget of one organization. Amounts are whole numbers of its smallest unit: a request, a token, a billionth of the currency.</summary>
internal sealed record Budget(string KeyPrefix, string Organization, BudgetUnit Unit, string Window, long Limit, string Currency)
{
    private const decimal Billion = 1_000_000_000m;

    internal bool IsMoney => Unit == BudgetUnit.Money;

    internal string Name => IsMoney ? $"{Currency} a {Window}" : $"{Unit.ToString().ToLowerInvariant()} a {Window}";

    /// <summary>The budgets that limit the organization.</summary>
    internal static IReadOnlyList<Budget> Of(ModelGatewayOptions options, string organization) =>
        [.. options.Budgets.Limits
            .Where(limit => limit.Organization == organization || limit.Organization == BudgetOptions.Everyone)
            .GroupBy(limit => (limit.Unit, limit.Window, Currency: limit.Unit == "money" ? limit.Currency : ""))
            .Select(group => group.OrderBy(limit => limit.Organization == BudgetOptions.Everyone).First())
            .Select(limit => new Budget(
                options.Limits.KeyPrefix, organization, Enum.Parse<BudgetUnit>(limit.Unit, ignoreCase: true), limit.Window, Units(limit), limit.Unit == "money" ? limit.Currency : ""))];

    /// <summary>Counted once, whatever is repeated.</summary>
    internal string CallKey(string callId) => $"{OrganizationKey}:call:{callId}";

    internal string Key => $"{OrganizationKey}:{Unit.ToString().ToLowerInvariant()}{Currency}:{Window}";

    /// <summary>What tokens that cost so much count; rounded up, so that nothing slips through.</summary>
    internal long Units(TokenCount tokens, decimal? cost) => Unit switch
    {
        BudgetUnit.Requests => 1,
        BudgetUnit.Tokens => tokens.Total,
        _ => (long)decimal.Ceiling((cost ?? 0) * Billion),
    };

    internal decimal Amount(long units) => IsMoney ? units / Billion : units;

    internal string Text(long units) => Amount(units).ToString(IsMoney ? "0.00#######" : "0", CultureInfo.InvariantCulture) + (IsMoney ? $" {Currency}" : "");

    // Braces keep all keys of an organization in one slot of a Redis cluster; escapes keep organizations apart.
    private string OrganizationKey => $"{KeyPrefix}:{{{Uri.EscapeDataString(Organization)}}}:budget";

    private static long Units(BudgetOptions limit) => limit.Unit == "money" ? (long)(limit.Limit * Billion) : (long)decimal.Ceiling(limit.Limit);
}

/// <summary>How a budget stands at a moment, all by Redis' clock.</summary>
internal sealed record BudgetState(Budget Budget, DateTimeOffset WindowStart, DateTimeOffset WindowEnd, long Spent, long Reserved, string Birth, DateTimeOffset Now)
{
    internal long Left => Math.Max(0, Budget.Limit - Spent - Reserved);
}

/// <summary>What a call holds of the budgets that limit it, until it is settled.</summary>
internal sealed record BudgetLease(string Id, IReadOnlyList<BudgetState> Held);
