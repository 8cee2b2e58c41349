using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Tests.Detectors;

/// <summary>Histories of a customer with known truth, ending on one day.</summary>
internal static class Histories
{
    public static readonly DateOnly Day = new(2026, 3, 31);

    public static readonly Subject Customer = new("default", "C1", "Acme", "EUR", "active", Day);

    /// <summary>Orders at random days, the rush share changing on a day counted back from the end.</summary>
    public static List<OrderRow> Orders(Random random, int days, double perDay, Func<int, double> rushRate, double median = 1000, double spread = 0.4)
    {
        List<OrderRow> orders = [];
        for (var back = days; back >= 0; back--)
        {
            if (random.NextDouble() < perDay)
            {
                orders.Add(new OrderRow(
                    $"O{orders.Count}", Day.AddDays(-back), random.NextDouble() < rushRate(back) ? "rush" : "normal", (decimal)Math.Round(median * Math.Exp(spread * Series.Gauss(random)), 2), "EUR"));
            }
        }

        return orders;
    }

    /// <summary>One invoice every <paramref name="gap"/> days; those not paid by the last day are open.</summary>
    public static List<SettlementRow> Invoices(Random random, int count, int gap, Func<int, double> daysLate, double spread)
    {
        List<SettlementRow> invoices = [];
        for (var i = 0; i < count; i++)
        {
            var due = Day.AddDays(-(count - 1 - i) * gap);
            var late = (int)Math.Round(daysLate(i) + (spread * Series.Gauss(random)));
            var open = due.AddDays(late) > Day;
            invoices.Add(new SettlementRow($"I{i}", due, open ? Day.DayNumber - due.DayNumber : late, open, 500, "EUR"));
        }

        return invoices;
    }
}
