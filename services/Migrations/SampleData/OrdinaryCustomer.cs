namespace Platform.Migrations.SampleData;

/// <summary>Customers in whose behaviour nothing changes: whatever a detector reports about them is a false alarm.</summary>
internal static class OrdinaryCustomer
{
    private static readonly int[] Terms = [14, 30, 30, 30, 30, 45, 60];

    public static CustomerProfile Profile(SampleRandom random, CompanyNames names)
    {
        var market = random.Pick(CompanyNames.Markets);
        var (name, industry) = names.Next(random, market);
        var (segment, gap, amount) = random.Uniform() switch
        {
            < 0.1 => ("enterprise", random.Uniform(4, 9), random.Uniform(8_000, 25_000)),
            < 0.4 => ("mid-market", random.Uniform(10, 20), random.Uniform(2_000, 8_000)),
            _ => ("small", random.Uniform(25, 60), random.Uniform(300, 2_500)),
        };
        var rush = random.Uniform(0.01, 0.12);
        var terms = random.Pick(Terms);

        // Most pay within a week around the due day; a quarter is used to paying late.
        var delay = random.Chance(0.25) ? random.Uniform(6, 20) : random.Uniform(-6, 5);
        var joinedLater = random.Chance(0.25);
        var left = !joinedLater && random.Chance(0.04);
        return new CustomerProfile
        {
            Name = name,
            Market = market,
            City = random.Pick(market.Cities),
            Industry = industry,
            Segment = segment,
            Status = left ? "closed" : random.Chance(0.02) ? "on_hold" : "active",
            FirstDay = joinedLater ? -random.Integer(200, 800) : -SampleGenerator.HistoryDays + random.Integer(0, 20),
            LastDay = left ? -random.Integer(200, 400) : -1,
            OrderGapDays = _ => gap,
            RushRate = _ => rush,
            MedianAmount = amount * CurrencyScale(market.Currency),
            AmountSpread = random.Uniform(0.2, 0.5),
            PaymentTermsDays = terms,
            PaymentDelayDays = _ => delay,
            PaymentDelaySpread = random.Uniform(1.5, 5),
            CancelRate = 0.015,
            DisputeRate = 0.008,
            VoidRate = 0.004,
            InstalmentRate = 0.02,
        };
    }

    private static double CurrencyScale(string currency) => currency switch
    {
        "JPY" => 150,
        "SEK" => 11,
        "DKK" => 7.5,
        "PLN" => 4.3,
        _ => 1,
    };
}
