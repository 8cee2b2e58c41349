using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;

namespace Platform.PatternAnalysis.Detectors.PaymentTimingShift;

/// <summary>Whether what looks like a change is what the same weeks of earlier years looked like.</summary>
internal static class SeasonCheck
{
    private const int Slack = 10;
    private const int Years = 3;

    /// <summary>
    /// True when the level since the change differs from that of the same weeks (± 10 days) one to three years before by less
    /// than a third of the shift. False when fewer than <paramref name="fewest"/> invoices tell.
    /// </summary>
    /// <param name="invoices">By due day.</param>
    /// <param name="change">First invoice since the change.</param>
    /// <param name="shift">Its size, days.</param>
    /// <param name="fewest">Invoices of earlier years, at least.</param>
    public static bool IsSeason(IReadOnlyList<SettlementRow> invoices, int change, double shift, int fewest)
    {
        var (from, to) = (invoices[change].DueOn.DayNumber - Slack, invoices[^1].DueOn.DayNumber + Slack);
        if (to - from > 365)
        {
            return false;
        }

        List<double> earlier = [];
        for (var i = 0; i < change; i++)
        {
            for (var year = 1; year <= Years; year++)
            {
                var day = invoices[i].DueOn.AddYears(year).DayNumber;
                if (day >= from && day <= to)
                {
                    earlier.Add(invoices[i].DaysLate);
                }
            }
        }

        if (earlier.Count < fewest)
        {
            return false;
        }

        var since = new double[invoices.Count - change];
        for (var i = 0; i < since.Length; i++)
        {
            since[i] = invoices[change + i].DaysLate;
        }

        return ShiftEstimate.HodgesLehmann(earlier, since).Shift / shift < 1.0 / 3;
    }
}
