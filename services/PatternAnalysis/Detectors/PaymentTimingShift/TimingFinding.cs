using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.PaymentTimingShift;

/// <summary>A shift of payment timing in figures and words.</summary>
internal sealed record TimingFinding(
    IReadOnlyList<SettlementRow> Invoices, Subject Subject, TimingSegments Segments, ShiftEstimate Shift, bool IsLowerBound, double[] Before, double[] Values, bool[] IsOpen)
{
    public Finding ToFinding()
    {
        var since = Values.Length - Segments.Change;
        var medianBefore = KaplanMeier.Quantile(Before, IsOpen.AsSpan(Segments.Start..Segments.Change), 0.5);
        var medianAfter = KaplanMeier.Quantile(Values.AsSpan(Segments.Change..), IsOpen.AsSpan(Segments.Change..), 0.5);
        var (earliest, latest) = ChangeDays();
        var changedOn = Invoices[Segments.Change].DueOn;
        var year = Subject.AsOf.AddDays(-365);
        var stake = Invoices.Where(invoice => invoice.DueOn > year && invoice.Currency == Subject.Currency).Sum(invoice => invoice.Amount);
        var direction = Shift.Shift > 0 ? "later" : "earlier";
        var (least, most) = Shift.Shift > 0 ? (Shift.Low, Shift.High) : (-Shift.High, -Shift.Low);
        return new Finding
        {
            SampleSize = Values.Length - Segments.Start,
            Effect = new Effect { Value = Shift.Shift, Unit = "days", Low = Shift.Low, High = Shift.High },
            RelativeEffect = Math.Abs(Shift.Shift) / (Math.Abs(Shift.Shift) + 10),
            MoneyAtStake = stake,
            From = Invoices[Segments.Start].DueOn,
            Until = Subject.AsOf.AddDays(1),
            ChangedOn = changedOn,
            Evidence = [Figures.Rows("domain.invoices", HistoryReader.InvoicesSql, [.. Invoices.Skip(Segments.Change).Select(invoice => invoice.Id).Reverse()])],
            Text = Invariant($"Since {Figures.Iso(changedOn)} {Subject.Name} pays {(IsLowerBound ? "at least " : "")}{Math.Abs(Shift.Shift):0.#} days {direction} than before (95 % interval {least:0.#} to {most:0.#} days; the change lies between {Figures.Iso(earliest)} and {Figures.Iso(latest)}): median {Words(medianBefore)} before ({Before.Length} invoices) and {Words(medianAfter)} since ({since} invoices)."),
            Recommendation = Shift.Shift > 0
                ? "Call the customer about the delay, remind earlier than so far, and hold off on longer terms until payments recover."
                : "Payments have become faster; the terms work, and an early-payment discount may no longer be needed.",
            Figures = new Dictionary<string, Value>
            {
                ["shift"] = Figures.Days(Shift.Shift),
                ["shift_low"] = Figures.Days(Shift.Low),
                ["shift_high"] = Figures.Days(Shift.High),
                ["median_before"] = Median(medianBefore),
                ["median_after"] = Median(medianAfter),
                ["mean_before"] = Figures.Days(Before.Average()),
                ["mean_after"] = Figures.Days(Values.Skip(Segments.Change).Average()),
                ["invoices_before"] = Figures.Count(Before.Length),
                ["invoices_after"] = Figures.Count(since),
                ["open_invoices"] = Figures.Count(IsOpen.Skip(Segments.Start).Count(open => open)),
                ["changed_on"] = Figures.Day(changedOn),
                ["changed_earliest"] = Figures.Day(earliest),
                ["changed_latest"] = Figures.Day(latest),
                ["invoiced_12m"] = Figures.Money(stake, Subject.Currency),
            },
        };
    }

    /// <summary>95 % interval of the day of the change.</summary>
    private (DateOnly Earliest, DateOnly Latest) ChangeDays()
    {
        var after = Values[Segments.Change..];
        var (levelBefore, levelAfter) = (RobustScale.Median(Before), RobustScale.Median(after));
        var half = BreakInterval.HalfWidth(RobustScale.Deviation([.. Before.Select(value => value - levelBefore), .. after.Select(value => value - levelAfter)]), Shift.Shift);

        // The change came after the invoice before the first late one.
        return (Invoices[Math.Max(Segments.Start, Segments.Change - half - 1)].DueOn, Invoices[Math.Min(Invoices.Count - 1, Segments.Change + half)].DueOn);
    }

    private static Value Median(double? median) => median is { } days ? Figures.Days(days) : new Value { Unknown = "more than half of the invoices are not paid yet" };

    private static string Words(double? median) => median switch
    {
        null => "not known yet, because most are unpaid,",
        > 0 => Invariant($"{median:0.#} days late"),
        < 0 => Invariant($"{-median:0.#} days early"),
        _ => "on the due day",
    };
}
