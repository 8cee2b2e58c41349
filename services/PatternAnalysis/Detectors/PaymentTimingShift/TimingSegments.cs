using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Detectors.PaymentTimingShift;

/// <summary>The latest change of level in a series, and the stretch of the level before it.</summary>
/// <param name="Start">First invoice of the level before.</param>
/// <param name="Change">First invoice of the present level.</param>
/// <param name="PValue">Of the change, and of every change that had to be there to look for it.</param>
internal readonly record struct TimingSegments(int Start, int Change, double PValue)
{
    // A part is divided again only where chance is a weak explanation; it never makes a finding out of none.
    private const double DivideAt = 0.005;

    // A wave of a year is told from a step only when one and a half of them have been seen.
    private const int WaveFrom = 548;

    /// <summary>
    /// Binary segmentation: the clearest change first, then, as long as the part after it changes too, the one there; so the
    /// sentence tells what holds now, not what was once.
    /// </summary>
    public static TimingSegments Find(IReadOnlyList<SettlementRow> invoices, ReadOnlySpan<double> values, ReadOnlySpan<bool> isOpen, PaymentTimingOptions options, AutocorrelationPeers? peers)
    {
        int[] days = [.. invoices.Select(invoice => invoice.DueOn.DayNumber)];
        var first = Scan(values, isOpen, days, options, peers);
        if (first.PValue <= 10 * DivideAt && invoices[^1].DueOn.DayNumber - invoices[0].DueOn.DayNumber >= WaveFrom)
        {
            if (AnnualWave.RemoveIfClearerThanStep(LatenessScores.Of(values, isOpen), days, first.Index) is { } rest)
            {
                var beside = RankScan.FindInScores(rest, [], options.MinimumSegment, options.Permutations, seed: rest.Length, peers);
                return new TimingSegments(0, beside.Index, Math.Max(first.PValue, beside.PValue));
            }
        }

        return Divide(first, values, isOpen, days, options, peers);
    }

    private static TimingSegments Divide(ChangePoint first, ReadOnlySpan<double> values, ReadOnlySpan<bool> isOpen, ReadOnlySpan<int> days, PaymentTimingOptions options, AutocorrelationPeers? peers)
    {
        var (start, change, p) = (0, first.Index, first.PValue);
        if (p > DivideAt)
        {
            return new TimingSegments(start, change, p);
        }

        while (values.Length - change >= 2 * options.MinimumSegment && Scan(values[change..], isOpen[change..], days[change..], options, peers) is { PValue: <= DivideAt } next)
        {
            (start, change, p) = (change, change + next.Index, Math.Max(p, next.PValue));
        }

        if (start == 0 && change >= 2 * options.MinimumSegment && Scan(values[..change], isOpen[..change], days[..change], options, peers) is { PValue: <= DivideAt } earlier)
        {
            start = earlier.Index;
        }

        return new TimingSegments(start, start + BreakPlace.Refine(values[start..], isOpen[start..], change - start, options.MinimumSegment), p);
    }

    private static ChangePoint Scan(ReadOnlySpan<double> values, ReadOnlySpan<bool> isOpen, ReadOnlySpan<int> days, PaymentTimingOptions options, AutocorrelationPeers? peers) =>
        RankScan.Find(values, isOpen, days, options.MinimumSegment, options.Permutations, seed: values.Length, peers);
}
