using MathNet.Numerics.Distributions;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.PeerPercentile;

/// <summary>Whether the customer pays later than nearly all others.</summary>
internal sealed class PeerPercentileDetector(IOptionsMonitor<PeerPercentileOptions> options) : IPatternDetector
{
    public string Name => "peer_percentile";

    public string Title => "Pays later than most customers";

    public string Method => Invariant($"""
        Days late of the customer's invoices due in the last 12 months, open ones as late as they are by now, against the medians of up to {PeerReader.MostCustomers} customers with at least {PeerReader.FewestInvoices} such invoices (all of them, or as many drawn by a hash of their ids). p-value: one-sided sign test of the customer's median against the {options.CurrentValue.Percentile:0.###} quantile of those medians (type 7 of Hyndman and Fan 1996), exact binomial; it holds for every distribution of the days. Effect: the customer's median minus that of the middle customer, days, with the distribution-free 95 % interval of the customer's median; less than {options.CurrentValue.MinimumDays:0.#} days is not reported, nor anything with fewer than {options.CurrentValue.MinimumCustomers} customers. Assumes that invoices are paid independently of each other; the quantile is taken as known.
        """);

    public int MinimumSample => options.CurrentValue.MinimumInvoices;

    /// <summary>Half of that of a sudden change: what it tells is true for years, so a clearer case can be waited for.</summary>
    public double ErrorShare => 0.5;

    public HistoryParts Needs => HistoryParts.Invoices | HistoryParts.PeerPayments;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Invoices, history.Subject, peers.Payments, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<SettlementRow> invoices, Subject subject, PaymentPeers? peers, PeerPercentileOptions options)
    {
        var start = subject.AsOf.AddDays(-365);
        var first = invoices.Count;
        while (first > 0 && invoices[first - 1].DueOn > start)
        {
            first--;
        }

        var count = invoices.Count - first;
        if (count < options.MinimumInvoices)
        {
            return new Verdict.TooFew(Invariant($"{count} {(count == 1 ? "invoice" : "invoices")} due in the last 12 months; at least {options.MinimumInvoices} are needed to compare with other customers"));
        }

        if (peers is null || peers.Medians.Count < options.MinimumCustomers)
        {
            return new Verdict.TooFew(Invariant($"{peers?.Medians.Count ?? 0} customers to compare with; at least {options.MinimumCustomers} are needed"));
        }

        var recent = invoices.Skip(first).ToList();
        var days = recent.ConvertAll(invoice => (double)invoice.DaysLate);
        var limit = RobustScale.Quantile(peers.Medians, options.Percentile);
        var later = days.Count(day => day > limit);
        var p = 1 - Binomial.CDF(0.5, days.Count, later - 1);
        var (median, middle) = (RobustScale.Median(days), RobustScale.Median(peers.Medians));
        if (median <= limit || median - middle < options.MinimumDays)
        {
            return new Verdict.Nothing(Invariant($"a median of {median:0.#} days late is later than that of {Figures.Percent(peers.ShareBelow(median))} of the customers: nothing unusual"), later == 0 ? 1 : p);
        }

        return new Verdict.Candidate(p, Found(recent, subject, peers, median, middle, RobustScale.MedianInterval(days)));
    }

    private static Finding Found(List<SettlementRow> recent, Subject subject, PaymentPeers peers, double median, double middle, (double Low, double High) interval)
    {
        var below = peers.ShareBelow(median);
        var stake = recent.Where(invoice => invoice.Currency == subject.Currency).Sum(invoice => invoice.Amount);
        return new Finding
        {
            SampleSize = recent.Count,
            Effect = new Effect { Value = median - middle, Unit = "days", Low = interval.Low - middle, High = interval.High - middle },
            RelativeEffect = (median - middle) / (median - middle + 10),
            MoneyAtStake = stake,
            From = subject.AsOf.AddDays(-364),
            Until = subject.AsOf.AddDays(1),
            Evidence = [Figures.Rows("domain.invoices", HistoryReader.InvoicesSql, [.. Enumerable.Reverse(recent).Select(invoice => invoice.Id)])],
            Text = Invariant($"{subject.Name} pays later than {Figures.Percent(below)} of {peers.Medians.Count} customers: median {median:0.#} days late over the last 12 months ({recent.Count} invoices, 95 % interval {interval.Low:0.#} to {interval.High:0.#}) against {middle:0.#} of the middle customer."),
            Recommendation = "Judge terms and credit limit by how this customer pays, not by the average, and remind it earlier than others.",
            Figures = new Dictionary<string, Value>
            {
                ["percentile"] = Figures.Ratio(below),
                ["median"] = Figures.Days(median),
                ["median_low"] = Figures.Days(interval.Low),
                ["median_high"] = Figures.Days(interval.High),
                ["median_of_customers"] = Figures.Days(middle),
                ["customers"] = Figures.Count(peers.Medians.Count),
                ["invoices"] = Figures.Count(recent.Count),
                ["invoiced_12m"] = Figures.Money(stake, subject.Currency),
            },
        };
    }
}
