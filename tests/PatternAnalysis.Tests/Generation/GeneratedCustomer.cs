using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Tests.Generation;

/// <summary>What a generated customer is told to do.</summary>
internal sealed record CustomerPlan
{
    public required Noise Noise { get; init; }

    /// <summary>Standard deviation of the days late, days (for heavy tails the scale named by the family).</summary>
    public double Spread { get; init; } = 4;

    public double Level { get; init; } = 2;

    /// <summary>Mean days between invoices; the gaps scatter by half of it.</summary>
    public double InvoiceGap { get; init; } = 7;

    public int InvoicesBefore { get; init; } = 36;

    /// <summary>Invoices since the shift, all due by the last day; those not paid by then are open.</summary>
    public int InvoicesAfter { get; init; } = 12;

    /// <summary>Every invoice is paid, as if the history were read much later.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Days; 0: the customer is stable.</summary>
    public double Shift { get; init; }

    public double OrderGap { get; init; } = 5;

    public double RushShare { get; init; } = 0.1;

    /// <summary>From the day on which payments shift; the same as before when the customer is stable.</summary>
    public double RushShareAfter { get; init; } = 0.1;

    /// <summary>Logarithmic standard deviation of amounts.</summary>
    public double AmountSpread { get; init; } = 0.4;
}

/// <summary>A customer with a known truth: its history up to one day, and when it changed.</summary>
internal sealed record GeneratedCustomer(CustomerPlan Plan, CustomerHistory History, DateOnly? ChangedOn)
{
    public static readonly DateOnly Day = new(2026, 3, 31);

    public static GeneratedCustomer Generate(int seed, CustomerPlan plan)
    {
        var random = new Random(seed);
        var subject = new Subject("default", $"G{seed}", $"Customer {seed}", "EUR", "active", Day);
        var count = plan.InvoicesBefore + plan.InvoicesAfter;

        // Due days backwards from the last day.
        var due = new DateOnly[count];
        double back = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            due[i] = Day.AddDays(-(int)Math.Round(back));
            back += plan.InvoiceGap * (0.5 + random.NextDouble());
        }

        var noise = plan.Noise.Start(random, plan.Spread);
        var changedOn = due[plan.InvoicesBefore];
        List<SettlementRow> invoices = [];
        for (var i = 0; i < count; i++)
        {
            var late = plan.Level + noise(due[i]) + (i >= plan.InvoicesBefore ? plan.Shift : 0);
            var days = (int)Math.Round(Math.Clamp(late, -60, 5000));
            var isOpen = !plan.IsSettled && due[i].AddDays(days) > Day;
            invoices.Add(new SettlementRow($"I{seed}-{i}", due[i], isOpen ? Day.DayNumber - due[i].DayNumber : days, isOpen, Amount(random, plan), "EUR"));
        }

        return new GeneratedCustomer(plan, new CustomerHistory(subject, Orders(random, seed, plan, due[0], changedOn), invoices), plan.Shift == 0 ? null : changedOn);
    }

    private static List<OrderRow> Orders(Random random, int seed, CustomerPlan plan, DateOnly first, DateOnly changedOn)
    {
        List<OrderRow> orders = [];
        for (var day = 0.0; ; )
        {
            day += Noise.Exponential(random, plan.OrderGap);
            var placedOn = first.AddDays((int)day);
            if (placedOn > Day)
            {
                return orders;
            }

            var share = placedOn >= changedOn ? plan.RushShareAfter : plan.RushShare;
            orders.Add(new OrderRow($"O{seed}-{orders.Count}", placedOn, random.NextDouble() < share ? "rush" : "normal", Amount(random, plan), "EUR"));
        }
    }

    private static decimal Amount(Random random, CustomerPlan plan) => (decimal)Math.Round(1000 * Math.Exp(plan.AmountSpread * Noise.Gauss(random)), 2);
}
