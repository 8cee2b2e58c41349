namespace Platform.GroundingCases;

/// <summary>A made-up customer whose figures agree with each other.</summary>
public sealed class Customer
{
    private static readonly string[] First = ["Alder", "Bramley", "Corvus", "Delmar", "Evander", "Fenwick", "Galloway", "Hartwell", "Ironbridge", "Juniper", "Kestrel", "Larkspur", "Merrow", "Northgate", "Oakhurst", "Pemberton", "Quillan", "Ravensworth", "Silverton", "Thornbury", "Umberland", "Vantage", "Westmoor", "Yarrow", "Zephyr"];
    private static readonly string[] Second = ["Industries", "Supplies", "Foods", "Logistics", "Medical", "Textiles", "Instruments", "Optics", "Brewing", "Furniture", "Robotics", "Packaging"];
    private static readonly string[] Forms = ["", "", " Ltd", " Inc", " GmbH", " LLC"];

    internal Customer(Random random, string id, string name, string currency, DateOnly today)
    {
        (Id, Name, Currency, Today) = (id, name, currency, today);
        OpenInvoices = random.Next(4, 40);
        OverdueInvoices = random.Next(1, OpenInvoices);
        Buckets = [.. Enumerable.Range(0, 5).Select(i => i == 0 ? OpenInvoices - OverdueInvoices : 0)];
        for (var i = 0; i < OverdueInvoices; i++)
        {
            Buckets[1 + Math.Min(3, (int)(random.NextDouble() * random.NextDouble() * 4.5))]++;
        }

        Amounts = [.. Buckets.Select(count => count == 0 ? 0m : Cents(count * (decimal)(400 + (random.NextDouble() * 22_000))))];
        Limit = 1000 * Math.Round(((decimal)(random.NextDouble() * 400_000) + (Open * 0.8m)) / 1000);
        Disputed = random.Next(3) == 0 ? Cents(Overdue * (decimal)(0.1 + (random.NextDouble() * 0.5))) : 0;
        PaidInvoices = random.Next(15, 260);
        LateInvoices = random.Next(1, PaidInvoices);
        AverageLate = Math.Round(1.2 + (random.NextDouble() * 24), 2);
        MedianLate = Math.Max(1, Math.Round(AverageLate * (0.3 + (random.NextDouble() * 0.5))));
        Terms = (int[])[14, 30, 45, 60] is var terms ? terms[random.Next(terms.Length)] : 30;
        Settle = Math.Round(Terms + (AverageLate * 0.8) + 1.3, 1);
        Orders = random.Next(13, 240);
        Volume = Cents(Orders * (decimal)(900 + (random.NextDouble() * 14_000)));
        Trend = Math.Round((random.NextDouble() * 0.9) - 0.4, 4);
        RushRecent = Math.Round(0.12 + (random.NextDouble() * 0.5), 4);
        RushBefore = Math.Round(0.03 + (RushRecent * random.NextDouble() * 0.6), 4);
        Rush = Math.Round((RushRecent * 0.3) + (RushBefore * 0.7), 4);
        OpenOrders = random.Next(1, 9);
        LastPayment = today.AddDays(-random.Next(2, 60));
        LastPaymentAmount = Cents((decimal)(500 + (random.NextDouble() * 30_000)));
        LastContact = today.AddDays(-random.Next(5, 120));
    }

    public string Id { get; }

    public string Name { get; }

    public string Currency { get; }

    public DateOnly Today { get; }

    public int OpenInvoices { get; }

    public int OverdueInvoices { get; }

    /// <summary>Invoices not yet due, then 1–30, 31–60, 61–90 and more than 90 days overdue.</summary>
    public int[] Buckets { get; }

    public decimal[] Amounts { get; }

    public decimal Open => Amounts.Sum();

    public decimal Overdue => Amounts.Skip(1).Sum();

    public decimal Limit { get; }

    public decimal Disputed { get; }

    public int PaidInvoices { get; }

    public int LateInvoices { get; }

    public double LateRate => (double)LateInvoices / PaidInvoices;

    public double AverageLate { get; }

    public double MedianLate { get; }

    public double Settle { get; }

    public int Terms { get; }

    public int Orders { get; }

    public decimal Volume { get; }

    public double Trend { get; }

    public double Rush { get; }

    public double RushRecent { get; }

    public double RushBefore { get; }

    public int OpenOrders { get; }

    public DateOnly LastPayment { get; }

    public decimal LastPaymentAmount { get; }

    public DateOnly LastContact { get; }

    internal static string NewName(Random random) => $"{First[random.Next(First.Length)]} {Second[random.Next(Second.Length)]}{Forms[random.Next(Forms.Length)]}";

    internal static decimal Cents(decimal amount) => Math.Round(amount, 2);
}

/// <summary>What changed at a customer.</summary>
public sealed class Changes
{
    internal Changes(Random random, Customer customer)
    {
        ShiftedOn = customer.Today.AddDays(-random.Next(40, 300));
        MedianBefore = random.Next(1, 9);
        Shift = Math.Round(4.2 + (random.NextDouble() * 18), 1);
        Low = Math.Round(Shift - 0.8 - random.NextDouble(), 1);
        High = Math.Round(Shift + 0.8 + random.NextDouble(), 1);
        InvoicesBefore = random.Next(30, 150);
        InvoicesAfter = random.Next(14, 60);
        RushOn = customer.Today.AddDays(-random.Next(60, 200));
        OrdersBefore = random.Next(40, 160);
        OrdersRecent = random.Next(15, 50);
        RushOrdersBefore = random.Next(2, OrdersBefore / 8);
        RushOrdersRecent = random.Next(OrdersRecent / 4, OrdersRecent / 2);
        Typical = Customer.Cents((decimal)(1_000 + (random.NextDouble() * 9_000)));
        Largest = Customer.Cents(Typical * (decimal)(3.2 + (random.NextDouble() * 6)));
        PlacedOn = customer.Today.AddDays(-random.Next(3, 80));
        EarlierOrders = random.Next(25, 180);
        Confidence = Math.Round(0.82 + (random.NextDouble() * 0.17), 3);
    }

    public DateOnly ShiftedOn { get; }

    public double Shift { get; }

    public double Low { get; }

    public double High { get; }

    public double MedianBefore { get; }

    public double MedianAfter => Math.Round(MedianBefore + Shift, 1);

    public int InvoicesBefore { get; }

    public int InvoicesAfter { get; }

    public DateOnly RushOn { get; }

    public int OrdersBefore { get; }

    public int OrdersRecent { get; }

    public int RushOrdersBefore { get; }

    public int RushOrdersRecent { get; }

    public double ShareBefore => (double)RushOrdersBefore / OrdersBefore;

    public double ShareRecent => (double)RushOrdersRecent / OrdersRecent;

    public decimal Typical { get; }

    public decimal Largest { get; }

    public DateOnly PlacedOn { get; }

    public int EarlierOrders { get; }

    public double Confidence { get; }
}
