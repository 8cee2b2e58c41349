using MathNet.Numerics.Distributions;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>A change held against what all customers did in the same time.</summary>
/// <param name="SharePeersBefore">Share of rush orders of all other customers before the change.</param>
/// <param name="SharePeersSince">And since.</param>
/// <param name="TailProbability">Of a share at least as far out, had the customer only moved with the others.</param>
/// <param name="Percentile">Share of customers with fewer rush orders than this one has since the change.</param>
internal sealed record PeerComparison(double SharePeersBefore, double SharePeersSince, double TailProbability, double Percentile)
{
    /// <returns>Null when the others have too few orders in one of the two spans.</returns>
    public static PeerComparison? Of(Change change, RushPeers peers, DateOnly asOf)
    {
        var (rushBefore, ordersBefore) = peers.Between(change.From, new DateOnly(change.On.Year, change.On.Month, 1));
        var (rushSince, ordersSince) = peers.Between(change.On, asOf.AddDays(1));

        // The customer is one of all; without it the others remain.
        (rushBefore, ordersBefore) = (rushBefore - change.RushBefore, ordersBefore - change.OrdersBefore);
        (rushSince, ordersSince) = (rushSince - change.RushSince, ordersSince - change.OrdersSince);
        if (ordersBefore < 100 || ordersSince < 100 || rushBefore < 1 || rushSince < 1 || rushBefore >= ordersBefore || rushSince >= ordersSince)
        {
            return null;
        }

        var (before, since) = ((double)rushBefore / ordersBefore, (double)rushSince / ordersSince);
        var own = (change.RushBefore + peers.Alpha) / (change.OrdersBefore + peers.Alpha + peers.Beta);
        var odds = own / (1 - own) * (since / (1 - since)) / (before / (1 - before));
        var expected = odds / (1 + odds);
        var tail = change.Difference > 0
            ? 1 - (change.RushSince > 0 ? Binomial.CDF(expected, change.OrdersSince, change.RushSince - 1) : 0)
            : Binomial.CDF(expected, change.OrdersSince, change.RushSince);
        var shrunk = (change.RushSince + peers.Alpha) / (change.OrdersSince + peers.Alpha + peers.Beta);
        return new PeerComparison(before, since, tail, Beta.CDF(peers.Alpha, peers.Beta, shrunk));
    }
}
