using Microsoft.Extensions.Options;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.PaymentTimingShift;

/// <summary>Whether, when and by how much the customer began to pay later or earlier.</summary>
internal sealed class PaymentTimingDetector(IOptionsMonitor<PaymentTimingOptions> options) : IPatternDetector
{
    public string Name => "payment_timing_shift";

    public string Title => "Payment-timing shift";

    public string Method => Invariant($"""
        Days from due date to payment (early: negative) in the order of due dates. Invoices still open count as later than they are by now (right-censored; Gehan scores), so that recent ones, of which only the early payers have been seen, do not look like an improvement. One change of level: the largest standardised rank sum over all splits (maximally selected rank statistic: Pettitt 1979, Lausen and Schumacher 1992), its p-value by the improved Bonferroni bound in the far tail and by up to {options.CurrentValue.Permutations} permutations nearer, which correct for the scan; what is compared with the permutations is the evidence for a step beside noise whose neighbours resemble each other and beside a wave over the year, the logarithm of a Bayes factor that averages over both (first-order autoregression, g-prior: Zellner 1986, Liang and others 2008) and is never more than that for independent values; how much neighbours resemble each other may be anything around 0.2 ± 0.2, or, when at least 30 customers tell, what those of up to 200 others do (empirical Bayes). Its day is placed by least squares on values cut at two robust standard deviations outside the levels. When a wave over the year explains more than the step (with 18 months or more), the step is looked for in what the wave leaves. The part after a change is searched again, so that the latest change is reported. Size: Hodges–Lehmann estimate with its 95 % interval, given the split; day: interval of Bai (1997). A shift that repeats what the same weeks of earlier years did is a season and not reported, nor one below {options.CurrentValue.MinimumShiftDays:0.#} days. Assumes that without a change the order of invoices means nothing.
        """);

    public int MinimumSample => options.CurrentValue.MinimumInvoices;

    /// <summary>Seven tenths of the whole, because how a customer pays is what most is asked about, and a short change leaves few invoices.</summary>
    public double ErrorShare => 18;

    public HistoryParts Needs => HistoryParts.Invoices | HistoryParts.PeerPayments;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Invoices, history.Subject, options.CurrentValue, peers.Payments?.Autocorrelation);

    public static Verdict Test(IReadOnlyList<SettlementRow> invoices, Subject subject, PaymentTimingOptions options, AutocorrelationPeers? peers = null)
    {
        var usable = invoices.Count <= options.MaximumInvoices ? invoices : [.. invoices.Skip(invoices.Count - options.MaximumInvoices)];
        var values = new double[usable.Count];
        var isOpen = new bool[usable.Count];
        var paid = 0;
        for (var i = 0; i < values.Length; i++)
        {
            (values[i], isOpen[i]) = (usable[i].DaysLate, usable[i].IsOpen);
            paid += isOpen[i] ? 0 : 1;
        }

        if (paid < options.MinimumInvoices)
        {
            return new Verdict.TooFew(Invariant($"{paid} paid {(paid == 1 ? "invoice" : "invoices")}; at least {options.MinimumInvoices} are needed to tell a shift from chance"));
        }

        var segments = TimingSegments.Find(usable, values, isOpen, options, peers);
        var before = values[segments.Start..segments.Change];
        var after = Observed(usable, segments.Change, subject, options, out var isLowerBound);
        var shift = ShiftEstimate.HodgesLehmann(before, after);
        if (Math.Abs(shift.Shift) < options.MinimumShiftDays)
        {
            return new Verdict.Nothing(Invariant($"payments of {values.Length} invoices keep their level (largest shift {shift.Shift:0.#} days)"), segments.PValue);
        }

        if (segments.PValue < 0.5 && SeasonCheck.IsSeason(usable, segments.Change, shift.Shift, options.MinimumSegment))
        {
            return new Verdict.Nothing(Invariant($"the shift of {shift.Shift:0.#} days since {Figures.Iso(usable[segments.Change].DueOn)} is what the same weeks of earlier years looked like"));
        }

        return new Verdict.Candidate(segments.PValue, new TimingFinding(usable, subject, segments, shift, isLowerBound, before, values, isOpen).ToFinding());
    }

    /// <summary>
    /// Invoices since the change that were due long enough ago for nine in ten to have been paid, paid or not; when these are too
    /// few, all of them, and the shift is a lower bound.
    /// </summary>
    private static double[] Observed(IReadOnlyList<SettlementRow> invoices, int change, Subject subject, PaymentTimingOptions options, out bool isLowerBound)
    {
        var since = invoices.Skip(change).ToList();
        var usual = Math.Clamp(RobustScale.Quantile([.. invoices.Where(invoice => !invoice.IsOpen).Select(invoice => (double)invoice.DaysLate)], 0.9), 0, options.LongestWait);
        var watched = since.Where(invoice => subject.AsOf.DayNumber - invoice.DueOn.DayNumber >= usual).ToList();
        if (watched.Count < options.MinimumSegment)
        {
            watched = since;
        }

        isLowerBound = watched.Count(invoice => invoice.IsOpen) > 0.1 * watched.Count;
        return [.. watched.Select(invoice => (double)invoice.DaysLate)];
    }
}
