using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Histories;

/// <summary>Orders by whole calendar month: from the first month in which the customer was there from the first day on, to the last one that is over.</summary>
/// <param name="First">First day of the first month.</param>
/// <param name="Counts">Orders of each month; months without orders count as 0.</param>
internal sealed record MonthlyOrders(DateOnly First, double[] Counts)
{
    private readonly Lazy<MonthlyRegression?> fit = new(() => MonthlyRegression.Of(Counts));

    /// <summary>A line and a wave through at least eight months; null when all months are alike.</summary>
    public MonthlyRegression? Fit => fit.Value;

    public double Total { get; } = Counts.Sum();

    public double Mean => Total / Counts.Length;

    public static MonthlyOrders Of(IReadOnlyList<OrderRow> orders, DateOnly asOf)
    {
        if (orders.Count == 0)
        {
            return new MonthlyOrders(asOf, []);
        }

        var next = asOf.AddDays(1);
        var end = Index(next);
        var first = Index(orders[0].PlacedOn) + (orders[0].PlacedOn.Day == 1 ? 0 : 1);
        var counts = new double[Math.Max(0, end - first)];
        foreach (var order in orders)
        {
            var month = Index(order.PlacedOn) - first;
            if (month >= 0 && month < counts.Length)
            {
                counts[month]++;
            }
        }

        return new MonthlyOrders(new DateOnly(first / 12, (first % 12) + 1, 1), counts);

        static int Index(DateOnly day) => (day.Year * 12) + day.Month - 1;
    }
}
