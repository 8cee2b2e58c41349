using System.Globalization;

namespace Platform.Migrations.SampleData;

/// <summary>A figure that was planted, and the rows' own figure, which differs by chance.</summary>
/// <param name="Name">What is measured, with its unit.</param>
/// <param name="Planted">The value that the generator was told, in words when it is not one number.</param>
/// <param name="Realised">The same measured on the rows generated with the default seed.</param>
internal sealed record PlantedMeasure(string Name, string Planted, Func<CustomerFacts, string> Realised);

/// <summary>A customer that behaves in a known way.</summary>
internal sealed class PlantedBehaviour
{
    /// <summary>Short name for tests and documents.</summary>
    public required string Key { get; init; }

    public required string Story { get; init; }

    /// <summary>First day of the change, counted from the day of generation; null when nothing changes.</summary>
    public int? SinceDay { get; init; }

    public required CustomerProfile Profile { get; init; }

    public IReadOnlyList<PlantedMeasure> Measures { get; init; } = [];

    /// <summary>Open balance as a multiple of the credit limit; null for a limit that is kept.</summary>
    public double? CreditUse { get; init; }

    /// <summary>Edits the generated history.</summary>
    public Action<CustomerHistory> Alter { get; init; } = static _ => { };

    public string Customer => Profile.Name;
}

/// <summary>
/// What is hidden in the sample on purpose, with its true values: the reference for demos and for tests of detectors.
/// <c>docs/sample-data.md</c> is written from this list.
/// </summary>
internal static class PlantedBehaviours
{
    private static readonly Market Usa = Find("United States");
    private static readonly Market Germany = Find("Germany");
    private static readonly Market Britain = Find("United Kingdom");
    private static readonly Market France = Find("France");
    private static readonly Market Netherlands = Find("Netherlands");
    private static readonly Market Denmark = Find("Denmark");

    /// <summary>In the order of their customer ids, from <c>CUS-00001</c>.</summary>
    public static IReadOnlyList<PlantedBehaviour> All { get; } =
    [
        new()
        {
            Key = "rush-rising-payments-later",
            Story = "Rush orders jump and payments drift late: the customer of the demo questions.",
            SinceDay = -150,
            Profile = Base("Delta Industries", Usa, "Columbus", "Manufacturing", 12_500, gap: 3.5) with
            {
                Segment = "enterprise",
                RushRate = day => day < -120 ? 0.06 : 0.42,
                PaymentDelayDays = day => day < -150 ? 1 : 15,
                PaymentDelaySpread = 3,
                AmountSpread = 0.3,
            },
            Measures =
            [
                new("share of rush orders before day -120", "6 %", facts => Percent(facts.RushShare(int.MinValue, -121))),
                new("share of rush orders from day -120", "42 %", facts => Percent(facts.RushShare(-120, -1))),
                new("mean days from due to paid, invoices issued before day -150", "1.0", facts => Days(facts.MeanDelay(int.MinValue, -151))),
                new("mean days from due to paid, invoices issued from day -150", "15.0", facts => Days(facts.MeanDelay(-150, -1))),
                new("shift in days", "14.0", facts => Days(facts.MeanDelay(-150, -1) - facts.MeanDelay(int.MinValue, -151))),
            ],
        },
        new()
        {
            Key = "name-near-delta-1",
            Story = "Shares the word \"Delta\": a mention of \"Delta\" alone must be asked about. Behaves ordinarily.",
            Profile = Base("Delta Logistics GmbH", Germany, "Hamburg", "Logistics", 4_200, gap: 12),
        },
        new()
        {
            Key = "name-near-delta-2",
            Story = "The third \"Delta\". Behaves ordinarily.",
            Profile = Base("Delta Components Ltd", Britain, "Sheffield", "Manufacturing", 3_100, gap: 16),
        },
        new()
        {
            Key = "always-punctual",
            Story = "Never pays after the due day.",
            Profile = Base("Aldermoor Precision Ltd", Britain, "Leeds", "Manufacturing", 5_400, gap: 9) with
            {
                PaymentDelayDays = _ => -1.5,
                PaymentDelaySpread = 1,
                LatestDelayDays = 0,
            },
            Measures =
            [
                new("paid late", "0 %", facts => Percent(facts.LateShare())),
                new("latest day after due", "0", facts => Whole(facts.MaxDelay())),
            ],
        },
        new()
        {
            Key = "seasonal",
            Story = "Orders only in a season of 70 days that comes every 365 days and ended 30 days before generation: between seasons silence is normal.",
            Profile = Base("Frostline Garden Supply LLC", Usa, "Portland", "Retail", 2_600, gap: 2.5) with
            {
                OrderGapDays = day => Season(day) ? 2.5 : null,
            },
            Measures =
            [
                new("share of orders in season (days -100 to -31, and 365 and 730 days earlier)", "100 %", facts => Percent(facts.OrderShare(order => Season(order.Created.Day)))),
                new("seasons with orders", "3", facts => Whole(facts.Orders.Select(order => (order.Created.Day + 30) / 365).Distinct().Count())),
            ],
        },
        new()
        {
            Key = "silent",
            Story = "Ordered every 14 days like clockwork, then stopped: the orders that should have come did not.",
            SinceDay = -70,
            Profile = Base("Kestrel Print Works Ltd", Britain, "Norwich", "Retail", 1_350, gap: 14) with { GapSpread = 0.1, LastDay = -71, CancelRate = 0 },
            Measures =
            [
                new("mean days between orders", "14.0", facts => Days(facts.MeanGap())),
                new("days since the last order", "71 to 85", facts => Whole(-facts.Orders.Max(order => order.Created.Day))),
            ],
        },
        new()
        {
            Key = "amount-anomaly",
            Story = "One invoice is ten times the usual amount.",
            SinceDay = -25,
            Profile = Base("Larkspur Dairy Cooperative", Denmark, "Aarhus", "Food & Beverage", 16_000, gap: 7) with { AmountSpread = 0.06 },
            Alter = history =>
            {
                var order = history.Orders.Last(candidate => candidate.Invoice is { Created.Day: <= -20, Payments.Count: 0 });
                order.Amount = decimal.Round(order.Amount * 10);
                order.Invoice!.Amount = order.Amount;
            },
            Measures =
            [
                new("largest invoice ÷ median invoice", "about 10", facts => Days(facts.MaxOverMedian())),
                new("invoices above three times the median", "1", facts => Whole(facts.CountAboveMedian(3))),
            ],
        },
        new()
        {
            Key = "concentration",
            Story = "A large part of all open EUR receivables is owed by one customer.",
            Profile = Base("Titan Grid Energy SE", Germany, "Leipzig", "Energy", 92_000, gap: 5) with { Segment = "enterprise", PaymentTermsDays = 45, AmountSpread = 0.15 },
            Measures =
            [
                new("share of the open EUR balance", "above 15 %", facts => Percent(facts.ShareOfOpenBalance())),
            ],
        },
        new()
        {
            Key = "over-credit-limit",
            Story = "Owes 35 % more than its credit limit. Every other customer is within its limit.",
            Profile = Base("Brightwater Foods B.V.", Netherlands, "Rotterdam", "Food & Beverage", 7_400, gap: 8),
            CreditUse = 1.35,
            Measures =
            [
                new("open balance ÷ credit limit", "1.35", facts => (facts.OpenBalance / facts.Customer.CreditLimit).ToString("0.00", CultureInfo.InvariantCulture)),
            ],
        },
        new()
        {
            Key = "disputed",
            Story = "Disputes its five latest unpaid invoices.",
            Profile = Base("Orchard & Finch Ltd", Britain, "Bristol", "Retail", 2_900, gap: 6),
            Alter = history =>
            {
                foreach (var invoice in history.Invoices.Where(invoice => invoice.Payments.Count == 0).TakeLast(5))
                {
                    invoice.Disputed = true;
                }
            },
            Measures =
            [
                new("disputed invoices, all unpaid", "5", facts => Whole(facts.Invoices.Count(invoice => invoice.Disputed && facts.Paid(invoice) == 0))),
            ],
        },
        new()
        {
            Key = "too-few-rows",
            Story = "Two orders, two invoices, one payment: too little to say anything about its behaviour.",
            Profile = Base("Quillon Optics SAS", France, "Lyon", "Technology", 4_800, gap: 45) with { FirstDay = -95, LastDay = -45, GapSpread = 0, PaymentDelayDays = day => day < -60 ? 3 : 300, PaymentDelaySpread = 0 },
            Measures =
            [
                new("orders, invoices, payments", "2, 2, 1", facts => string.Create(CultureInfo.InvariantCulture, $"{facts.Orders.Count}, {facts.Invoices.Count}, {facts.Payments.Count}")),
            ],
        },
        new()
        {
            Key = "no-rows",
            Story = "A new customer without a single order or invoice.",
            Profile = Base("Nimbus Harbour Services LLC", Usa, "Tacoma", "Logistics", 1_000, gap: 30) with { FirstDay = -10, OrderGapDays = _ => null },
            Measures =
            [
                new("orders, invoices", "0, 0", facts => string.Create(CultureInfo.InvariantCulture, $"{facts.Orders.Count}, {facts.Invoices.Count}")),
            ],
        },
        new()
        {
            Key = "partly-paid",
            Story = "Paid 60 % of one invoice and has left the rest open since.",
            SinceDay = -60,
            Profile = Base("Sable & Reed Inc.", Usa, "Richmond", "Textiles", 3_300, gap: 11),
            Alter = history =>
            {
                var invoice = history.Invoices.Last(candidate => candidate is { Created.Day: <= -60, Payments.Count: 1 });
                invoice.Payments[0] = invoice.Payments[0] with { Amount = decimal.Round(invoice.Amount * 0.6m, 2) };
            },
            Measures =
            [
                new("invoices paid in part", "1", facts => Whole(facts.PartlyPaid().Count)),
                new("share of it that is paid", "60 %", facts => Percent(facts.PartlyPaid().Select(invoice => (double)(facts.Paid(invoice) / invoice.Amount)).FirstOrDefault())),
            ],
        },
        new()
        {
            Key = "payments-earlier",
            Story = "Used to pay late and became punctual: a shift for the better.",
            SinceDay = -240,
            Profile = Base("Cobalt Freight Lines Inc.", Usa, "Denver", "Logistics", 6_100, gap: 6) with { PaymentDelayDays = day => day < -240 ? 18 : 4 },
            Measures =
            [
                new("mean days from due to paid, invoices issued before day -240", "18.0", facts => Days(facts.MeanDelay(int.MinValue, -241))),
                new("mean days from due to paid, invoices issued from day -240", "4.0", facts => Days(facts.MeanDelay(-240, -1))),
                new("shift in days", "-14.0", facts => Days(facts.MeanDelay(-240, -1) - facts.MeanDelay(int.MinValue, -241))),
            ],
        },
        new()
        {
            Key = "always-rush",
            Story = "Half of its orders were always rush orders: often is not rising. A detector must stay quiet.",
            Profile = Base("Rapid Response Medical LLC", Usa, "Austin", "Healthcare", 2_200, gap: 5) with { RushRate = _ => 0.5 },
            Measures =
            [
                new("share of rush orders before day -180", "50 %", facts => Percent(facts.RushShare(int.MinValue, -181))),
                new("share of rush orders from day -180", "50 %", facts => Percent(facts.RushShare(-180, -1))),
            ],
        },
        new()
        {
            Key = "always-late",
            Story = "Always paid about 25 days late: bad, but no change.",
            Profile = Base("Old Quay Shipping A/S", Denmark, "Aalborg", "Logistics", 21_000, gap: 8) with { PaymentDelayDays = _ => 25, PaymentDelaySpread = 4 },
            Measures =
            [
                new("paid late", "100 %", facts => Percent(facts.LateShare())),
                new("mean days from due to paid", "25.0", facts => Days(facts.MeanDelay(int.MinValue, -1))),
            ],
        },
        new()
        {
            Key = "growing",
            Story = "Orders twice as often as before.",
            SinceDay = -180,
            Profile = Base("Vantage Robotics GmbH", Germany, "München", "Technology", 9_800, gap: 10) with { OrderGapDays = day => day < -180 ? 10 : 5 },
            Measures =
            [
                new("orders per 30 days before day -180", "3.0", facts => Days(facts.OrdersPer30Days(-SampleGenerator.HistoryDays, -181))),
                new("orders per 30 days from day -180", "6.0", facts => Days(facts.OrdersPer30Days(-180, -1))),
            ],
        },
        new()
        {
            Key = "legal-form-twin-1",
            Story = "Same name as its twin but for the legal form. Behaves ordinarily.",
            Profile = Base("Meridian Textiles Ltd", Britain, "Cardiff", "Textiles", 2_400, gap: 20),
        },
        new()
        {
            Key = "legal-form-twin-2",
            Story = "Same name as its twin but for the legal form. Behaves ordinarily.",
            Profile = Base("Meridian Textiles Inc.", Usa, "Richmond", "Textiles", 2_700, gap: 18),
        },
        new()
        {
            Key = "name-with-accents",
            Story = "Umlauts, an ampersand and a long legal form in the name. Behaves ordinarily.",
            Profile = Base("Müller & Söhne Maschinenbau GmbH & Co. KG", Germany, "Stuttgart", "Manufacturing", 7_700, gap: 13),
        },
        new()
        {
            Key = "growing-steadily",
            Story = "Orders a little more every month, from every 15 days to every 4: a trend, not a sudden change.",
            Profile = Base("Halcyon Office Furniture Ltd", Britain, "Nottingham", "Retail", 1_900, gap: 15) with { OrderGapDays = SteadilyMore },
            Measures =
            [
                new("orders per 30 days in the first 180 days", "2.5", facts => Days(facts.OrdersPer30Days(-SampleGenerator.HistoryDays, 180 - SampleGenerator.HistoryDays - 1))),
                new("orders per 30 days in the last 180 days", "7.0", facts => Days(facts.OrdersPer30Days(-180, -1))),
            ],
        },
    ];

    /// <exception cref="KeyNotFoundException">There is no behaviour of that key.</exception>
    public static PlantedBehaviour Get(string key) =>
        All.FirstOrDefault(behaviour => behaviour.Key == key) ?? throw new KeyNotFoundException($"No planted behaviour '{key}'.");

    /// <summary>The id that the customer of a planted behaviour has.</summary>
    public static string CustomerId(PlantedBehaviour behaviour) => SampleGenerator.CustomerId(All.ToList().IndexOf(behaviour));

    private static bool Season(int day) => day >= -SampleGenerator.HistoryDays && ((day + 30) % 365) is < 0 and >= -70;

    // The rate grows along a line, not the time between orders.
    private static double? SteadilyMore(int day) => 1 / ((1 / 15.0) + ((1 / 4.0) - (1 / 15.0)) * (day + SampleGenerator.HistoryDays) / SampleGenerator.HistoryDays);

    private static CustomerProfile Base(string name, Market market, string city, string industry, double median, double gap) => new()
    {
        Name = name,
        Market = market,
        City = city,
        Industry = industry,
        Segment = "mid-market",
        OrderGapDays = _ => gap,
        RushRate = _ => 0.05,
        MedianAmount = median,
        PaymentDelayDays = _ => 1,
    };

    private static Market Find(string country) => CompanyNames.Markets.First(market => market.Country == country);

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Days(double days) => days.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
