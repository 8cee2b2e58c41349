namespace Platform.PatternAnalysis.Histories;

/// <summary>
/// How much the days late of neighbouring invoices resemble each other among an organization's customers: what the invoices of one
/// customer are too few to tell. Empirical Bayes with a normal prior, its mean and variance by moments (Efron and Morris, Journal of the American
/// Statistical Association 70, 1975).
/// </summary>
/// <param name="Mean">Of the first-order autocorrelations.</param>
/// <param name="Variance">Of them among customers, beyond what estimating them from n invoices makes, 1/n.</param>
internal sealed record AutocorrelationPeers(double Mean, double Variance)
{
    /// <summary>Invoices of a customer that counts.</summary>
    public const int FewestInvoices = 24;

    /// <summary>Below it a customer is judged by its own invoices alone.</summary>
    public const int FewestCustomers = 30;

    /// <param name="customers">Estimate of each, and the number of invoices that it was made from.</param>
    /// <returns>Null when there are too few.</returns>
    public static AutocorrelationPeers? Fit(IReadOnlyCollection<(double Estimate, int Invoices)> customers)
    {
        if (customers.Count < FewestCustomers)
        {
            return null;
        }

        var mean = customers.Average(one => one.Estimate);
        var variance = customers.Sum(one => (one.Estimate - mean) * (one.Estimate - mean)) / (customers.Count - 1);
        return new AutocorrelationPeers(mean, Math.Max(0, variance - customers.Average(one => 1.0 / one.Invoices)));
    }
}
