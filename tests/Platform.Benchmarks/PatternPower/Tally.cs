using System.Diagnostics;
using System.Globalization;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>What the detectors said about many generated customers, held against the truth.</summary>
internal sealed record Tally(int Customers, int Timing, int Any, int SizeCovered, int DayCovered, int Near, double TotalMicroseconds)
{
    public static Tally None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Seed of the first customer, 1; another one by <c>PATTERN_POWER_FIRST_SEED</c>, for customers that nobody has seen.</summary>
    private static int FirstSeed { get; } =
        Environment.GetEnvironmentVariable("PATTERN_POWER_FIRST_SEED") is { Length: > 0 } first ? int.Parse(first, NumberStyles.None, CultureInfo.InvariantCulture) : 1;

    public double Microseconds => TotalMicroseconds / Math.Max(1, Customers);

    public static Tally operator +(Tally left, Tally right) => new(
        left.Customers + right.Customers, left.Timing + right.Timing, left.Any + right.Any, left.SizeCovered + right.SizeCovered, left.DayCovered + right.DayCovered,
        left.Near + right.Near, left.TotalMicroseconds + right.TotalMicroseconds);

    public static Tally Of(int customers, Func<int, CustomerPlan> plan, PeerStatistics? peers = null)
    {
        var tally = None;
        for (var seed = FirstSeed; seed < FirstSeed + customers; seed++)
        {
            var customer = GeneratedCustomer.Generate(seed, plan(seed));
            var started = Stopwatch.GetTimestamp();
            var insights = DefaultDetectors.Conclude(customer.History, peers).Insights;
            var elapsed = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            tally += Judge(customer, insights) with { TotalMicroseconds = elapsed };
        }

        return tally;
    }

    /// <summary>The insight of the timing detector; null when there is none.</summary>
    public static Insight? Shift(IEnumerable<Insight> insights) => insights.FirstOrDefault(insight => insight.Type == "payment_timing_shift");

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Tally Judge(GeneratedCustomer customer, IReadOnlyList<Insight> insights)
    {
        var any = insights.Count > 0 ? 1 : 0;
        if (Shift(insights) is not { } shift)
        {
            return new Tally(1, 0, any, 0, 0, 0, 0);
        }

        if (customer.ChangedOn is not { } truth)
        {
            return new Tally(1, 1, any, 0, 0, 0, 0);
        }

        var size = shift.Effect.Low <= customer.Plan.Shift && customer.Plan.Shift <= shift.Effect.High;
        var day = Day(shift.Figures["changed_earliest"].Date.Iso) <= truth && truth <= Day(shift.Figures["changed_latest"].Date.Iso);
        var near = Math.Abs(Day(shift.ChangedOn.Iso).DayNumber - truth.DayNumber) <= 3 * customer.Plan.InvoiceGap;
        return new Tally(1, 1, any, size ? 1 : 0, day ? 1 : 0, near ? 1 : 0, 0);
    }
}
