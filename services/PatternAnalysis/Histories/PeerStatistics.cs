namespace Platform.PatternAnalysis.Histories;

/// <summary>What is usual among all customers of an organization. A part is null when it is not known.</summary>
internal sealed record PeerStatistics
{
    /// <summary>Nothing is known: every detector judges a customer by its own past alone.</summary>
    public static PeerStatistics None { get; } = new();

    public RushPeers? Rush { get; init; }
}

/// <summary>Rush orders of all customers together.</summary>
/// <param name="Months">By month; the first day stands for it.</param>
/// <param name="Alpha">Of the beta distribution of the customers' shares (empirical Bayes, by moments).</param>
/// <param name="Beta">Its second parameter.</param>
internal sealed record RushPeers(IReadOnlyList<RushMonth> Months, double Alpha, double Beta)
{
    public double Mean => Alpha / (Alpha + Beta);

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
