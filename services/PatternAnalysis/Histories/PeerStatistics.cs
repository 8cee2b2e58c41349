namespace Platform.PatternAnalysis.Histories;

/// <summary>What is usual among all customers of an organization. A part is null when it is not known.</summary>
internal sealed record PeerStatistics
{
    /// <summary>Nothing is known: every detector judges a customer by its own past alone.</summary>
    public static PeerStatistics None { get; } = new();

    public RushPeers? Rush { get; init; }

    public PaymentPeers? Payments { get; init; }

    /// <summary>By currency.</summary>
    public IReadOnlyDictionary<string, RevenuePeers> Revenue { get; init; } = new Dictionary<string, RevenuePeers>();
}

/// <summary>How late customers usually pay.</summary>
/// <param name="Medians">Median days late of each customer over 12 months, ascending.</param>
internal sealed record PaymentPeers(IReadOnlyList<double> Medians)
{
    /// <summary>Null when too few customers have enough invoices.</summary>
    public AutocorrelationPeers? Autocorrelation { get; init; }

    /// <summary>Share of the customers whose median is below.</summary>
    public double ShareBelow(double days) => Medians.Count(median => median < days) / (double)Medians.Count;
}

/// <summary>What all customers ordered in 12 months, in one currency.</summary>
/// <param name="Customers">That ordered.</param>
/// <param name="Total">Sum of the amounts.</param>
/// <param name="Squares">Sum of the squared amounts of single orders.</param>
/// <param name="Concentration">Herfindahl–Hirschman index, 1 / customers to 1.</param>
internal sealed record RevenuePeers(long Customers, double Total, double Squares, double Concentration);

/// <summary>Rush orders of all customers together.</summary>
/// <param name="Months">By month; the first day stands for it.</param>
/// <param name="Alpha">Of the beta distribution of the customers' shares (empirical Bayes, by moments).</param>
/// <param name="Beta">Its second parameter.</param>
internal sealed record RushPeers(IReadOnlyList<RushMonth> Months, double Alpha, double Beta)
{
    /// <summary>Orders of a customer whose share counts.</summary>
    public const int FewestOrders = 10;

    /// <summary>Below it the spread of the shares among customers says more about chance than about customers.</summary>
    public const int FewestCustomers = 10;

    public double Mean => Alpha / (Alpha + Beta);

    /// <summary>
    /// Beta distribution by moments: the variance of the shares beyond what counting alone makes, m (1 − m) × mean of 1/n
    /// (Kleinman, Journal of the American Statistical Association 68, 1973), its weight held between 1 and 1,000 orders.
    /// </summary>
    /// <param name="months">By month, ascending.</param>
    /// <param name="customers">With enough orders.</param>
    /// <param name="mean">Of their shares.</param>
    /// <param name="variance">Of their shares.</param>
    /// <param name="inverse">Mean of 1/n, n their orders.</param>
    /// <returns>Null when there are too few customers, or all of their orders are alike.</returns>
    public static RushPeers? Fit(IReadOnlyList<RushMonth> months, long customers, double mean, double variance, double inverse)
    {
        if (customers < FewestCustomers || mean is <= 0 or >= 1)
        {
            return null;
        }

        var between = variance - (mean * (1 - mean) * inverse);
        var weight = between > 0 ? Math.Clamp((mean * (1 - mean) / between) - 1, 1, 1000) : 1000;
        return new RushPeers(months, mean * weight, (1 - mean) * weight);
    }

    /// <summary>Orders and rush orders of the months that lie in a half-open span, in whole months.</summary>
    public (long Rush, long Orders) Between(DateOnly from, DateOnly until)
    {
        var (rush, orders) = (0L, 0L);
        foreach (var month in Months)
        {
            if (month.First >= new DateOnly(from.Year, from.Month, 1) && month.First < until)
            {
                (rush, orders) = (rush + month.Rush, orders + month.Orders);
            }
        }

        return (rush, orders);
    }
}

internal readonly record struct RushMonth(DateOnly First, long Orders, long Rush);
