using Platform.PatternAnalysis.Histories;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detection;

/// <summary>Whether the whole months of a history are enough to fit a line and a wave to them.</summary>
internal static class MonthlySample
{
    /// <summary>What there is to say when they are not; null when they are, and <see cref="MonthlyOrders.Fit"/> is there.</summary>
    /// <param name="history">Orders of one customer.</param>
    /// <param name="minimumOrders">Fewest orders within the months.</param>
    /// <param name="minimumMonths">Fewest months.</param>
    /// <param name="purpose">What they are needed for, as in "to know a season".</param>
    public static Verdict? Missing(CustomerHistory history, int minimumOrders, int minimumMonths, string purpose)
    {
        if (history.Orders.Count < minimumOrders)
        {
            return TooFew(history.Orders.Count);
        }

        var months = history.Months;
        return months.Counts.Length < minimumMonths || months.Total < minimumOrders ? TooFew((int)months.Total)
            : months.Fit is null ? new Verdict.Nothing("every month has as many orders as the others")
            : null;

        Verdict TooFew(int orders) => new Verdict.TooFew(Invariant(
            $"{orders} {(orders == 1 ? "order" : "orders")} in whole months; at least {minimumOrders} over {minimumMonths} months are needed {purpose}"));
    }
}
