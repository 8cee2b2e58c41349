using System.Runtime.InteropServices;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>
/// What is usual among customers whose orders are all in memory: what <see cref="PeerReader"/> has PostgreSQL count, which takes the server longer
/// than handing out the orders did.
/// </summary>
internal sealed class OrderCounts(DateOnly asOf, int customers)
{
    private const int Months = 24;
    private const int RevenueDays = 365;

    private readonly int recentFrom = asOf.AddDays(1).AddMonths(-Months).DayNumber;
    private readonly int revenueFrom = asOf.DayNumber + 1 - RevenueDays;
    private readonly (int Orders, int Rush)[] ofCustomers = new (int, int)[customers];
    private readonly SortedDictionary<DateOnly, (long Orders, long Rush)> ofMonths = [];
    private readonly Dictionary<int, (long Customers, double Total, double Squares, double SquaredSums)> revenue = [];
    private readonly Dictionary<int, (double Amount, double Squares)> ofCurrencies = [];
    private (int From, int Until, long Orders, long Rush) month;

    /// <summary>The orders of one customer, after each other; <see cref="EndCustomer"/> follows the last one.</summary>
    public void Add(int customer, int day, bool isRush, int currency, decimal amount)
    {
        if (day >= recentFrom)
        {
            var (orders, rush) = ofCustomers[customer];
            ofCustomers[customer] = (orders + 1, rush + (isRush ? 1 : 0));
            Count(day, isRush);
        }

        if (day >= revenueFrom && amount > 0)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(ofCurrencies, currency, out _);
            sum = (sum.Amount + (double)amount, sum.Squares + ((double)amount * (double)amount));
        }
    }

    public void EndCustomer()
    {
        foreach (var (currency, (amount, squares)) in ofCurrencies)
        {
            ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(revenue, currency, out _);
            all = (all.Customers + 1, all.Total + amount, all.Squares + squares, all.SquaredSums + (amount * amount));
        }

        ofCurrencies.Clear();
    }

    /// <param name="currency">Name of the currency with a number.</param>
    public PeerStatistics ToStatistics(Func<int, string> currency)
    {
        Count();
        double[] shares = [.. ofCustomers.Where(one => one.Orders >= RushPeers.FewestOrders).Select(one => (double)one.Rush / one.Orders)];
        var mean = shares.Length > 0 ? shares.Average() : 0;
        var variance = shares.Length > 1 ? shares.Sum(share => (share - mean) * (share - mean)) / (shares.Length - 1) : 0;
        var inverse = shares.Length > 0 ? ofCustomers.Where(one => one.Orders >= RushPeers.FewestOrders).Average(one => 1.0 / one.Orders) : 0;
        return new PeerStatistics
        {
            Rush = RushPeers.Fit([.. ofMonths.Select(one => new RushMonth(one.Key, one.Value.Orders, one.Value.Rush))], shares.Length, mean, variance, inverse),
            Revenue = revenue.ToDictionary(
                one => currency(one.Key), one => new RevenuePeers(one.Value.Customers, one.Value.Total, one.Value.Squares, one.Value.SquaredSums / (one.Value.Total * one.Value.Total)), StringComparer.Ordinal),
        };
    }

    // Orders of one month often follow each other.
    private void Count(int day, bool isRush)
    {
        if (day < month.From || day >= month.Until)
        {
            Count();
            var first = DateOnly.FromDayNumber(day);
            first = first.AddDays(1 - first.Day);
            month = (first.DayNumber, first.AddMonths(1).DayNumber, 0, 0);
        }

        (month.Orders, month.Rush) = (month.Orders + 1, month.Rush + (isRush ? 1 : 0));
    }

    private void Count()
    {
        if (month.Orders > 0)
        {
            var first = DateOnly.FromDayNumber(month.From);
            var (orders, rush) = ofMonths.GetValueOrDefault(first);
            ofMonths[first] = (orders + month.Orders, rush + month.Rush);
            month = default;
        }
    }
}
