using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
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
        Days from due date to payment (early: negative) in the order of due dates; invoices of the last {options.CurrentValue.ObservationDays} days are left out, older open ones count with their days so far. One change of level: the largest standardised rank sum over all splits (rank version of the maximally selected two-sample test, Pettitt 1979), p-value by {options.CurrentValue.Permutations} random permutations, which corrects for the scan and for ties. Size: Hodges–Lehmann estimate of the difference with its 95 % interval, given the split. Ranks and medians make it robust to outliers; it assumes that without a change the order of invoices means nothing. Shifts below {options.CurrentValue.MinimumShiftDays:0.#} days are not reported.
        """);

    public int MinimumSample => options.CurrentValue.MinimumInvoices;

    public HistoryParts Needs => HistoryParts.Invoices;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Invoices, history.Subject, options.CurrentValue);

    /// <summary>The invoices whose timing is known well enough, by due day.</summary>
    public static List<SettlementRow> Usable(IReadOnlyList<SettlementRow> invoices, Subject subject, PaymentTimingOptions options)
    {
        var last = subject.AsOf.AddDays(-options.ObservationDays);
        return [.. invoices.Where(invoice => invoice.DueOn <= last).TakeLast(options.MaximumInvoices)];
    }

    public static Verdict Test(IReadOnlyList<SettlementRow> invoices, Subject subject, PaymentTimingOptions options)
    {
        var usable = Usable(invoices, subject, options);
        var paid = usable.Count(invoice => !invoice.IsOpen);
        if (paid < options.MinimumInvoices || usable.Count < 2 * options.MinimumSegment)
        {
            return new Verdict.TooFew(Invariant(
                $"{paid} paid {(paid == 1 ? "invoice" : "invoices")} due at least {options.ObservationDays} days ago; at least {options.MinimumInvoices} are needed"));
        }

        var values = usable.Select(invoice => (double)invoice.DaysLate).ToList();
        var point = RankScan.Find(values, options.MinimumSegment, options.Permutations, seed: usable.Count);
        var before = values.GetRange(0, point.Index);
        var after = values.GetRange(point.Index, values.Count - point.Index);
        var shift = ShiftEstimate.HodgesLehmann(before, after);
        var changedOn = usable[point.Index].DueOn;
        if (Math.Abs(shift.Shift) < options.MinimumShiftDays)
        {
            return new Verdict.Nothing(Invariant($"payments of {values.Count} invoices keep their level (largest shift {shift.Shift:0.#} days)"), point.PValue);
        }

        var medianBefore = RobustScale.Median(before);
        var medianAfter = RobustScale.Median(after);
        var touched = usable.Skip(point.Index).Select(invoice => invoice.Id).Reverse().ToList();
        var year = subject.AsOf.AddDays(-365);
        var stake = invoices.Where(invoice => invoice.DueOn > year && invoice.Currency == subject.Currency).Sum(invoice => invoice.Amount);
        var direction = shift.Shift > 0 ? "later" : "earlier";
        var (least, most) = shift.Shift > 0 ? (shift.Low, shift.High) : (-shift.High, -shift.Low);
        return new Verdict.Candidate(point.PValue, new Finding
        {
            SampleSize = values.Count,
            Effect = new Effect { Value = shift.Shift, Unit = "days", Low = shift.Low, High = shift.High },
            RelativeEffect = Math.Abs(shift.Shift) / (Math.Abs(shift.Shift) + 10),
            MoneyAtStake = stake,
            From = usable[0].DueOn,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = changedOn,
            Evidence = [Figures.Rows("domain.invoices", HistoryReader.InvoicesSql, touched)],
            Text = Invariant($"Since {Figures.Iso(changedOn)} {subject.Name} pays {Math.Abs(shift.Shift):0.#} days {direction} than before (95 % interval {least:0.#} to {most:0.#} days): median {Words(medianBefore)} before ({before.Count} invoices) and {Words(medianAfter)} since ({after.Count} invoices)."),
            Recommendation = shift.Shift > 0
                ? "Call the customer about the delay, remind earlier than so far, and hold off on longer terms until payments recover."
                : "Payments have become faster; the terms work, and an early-payment discount may no longer be needed.",
            Figures = new Dictionary<string, Value>
            {
                ["shift"] = Figures.Days(shift.Shift),
                ["shift_low"] = Figures.Days(shift.Low),
                ["shift_high"] = Figures.Days(shift.High),
                ["median_before"] = Figures.Days(medianBefore),
                ["median_after"] = Figures.Days(medianAfter),
                ["mean_before"] = Figures.Days(before.Average()),
                ["mean_after"] = Figures.Days(after.Average()),
                ["invoices_before"] = Figures.Count(before.Count),
                ["invoices_after"] = Figures.Count(after.Count),
                ["open_invoices"] = Figures.Count(usable.Count - paid),
                ["changed_on"] = Figures.Day(changedOn),
                ["invoiced_12m"] = Figures.Money(stake, subject.Currency),
            },
        });
    }

    private static string Words(double median) => median switch
    {
        > 0 => Invariant($"{median:0.#} days late"),
        < 0 => Invariant($"{-median:0.#} days early"),
        _ => "on the due day",
    };
}
