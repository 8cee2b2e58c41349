using Platform.PatternAnalysis.Detectors.PaymentTimingShift;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>
/// The same customers within organizations of two hundred others, a quarter of whom changed: others of the same noise, and others of all kinds. How much
/// neighbouring payments of the others resemble each other is known there.
/// </summary>
internal static class AmongOthers
{
    private const int Others = 200;
    private const int FirstSeed = 900_000;

    private static readonly int MinimumSegment = new PaymentTimingOptions().MinimumSegment;

    public static void Print(int customers, CancellationToken cancellationToken)
    {
        PatternPowerBenchmark.Table(
            "Among other customers of the same kind, and of all kinds",
            ["noise", "same: mean, variance", "same: accused, timing", "same: found, 8 to 20 days", "same: found, 8 days, 12 invoices", "all: accused, timing", "all: found, 8 to 20 days", "all: found, 8 days, 12 invoices"]);
        var mixed = Peers(seed => Noise.Families[seed % Noise.Families.Count]);
        var (same, all) = (default(Found), default(Found));
        foreach (var noise in Noise.Families)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = Peers(_ => noise);
            var (ownFound, mixedFound) = (Judge(noise, customers, own), Judge(noise, customers, mixed));
            (same, all) = (same + ownFound, all + mixedFound);
            Row(noise.Name, own, ownFound, mixedFound);
        }

        Row("all", mixed, same, all);
    }

    private static Found Judge(Noise noise, int customers, PeerStatistics peers) => new(
        Tally.Of(customers, seed => PatternPowerBenchmark.Stable(noise, seed), peers),
        Tally.Of(customers, seed => PatternPowerBenchmark.Shifted(noise, seed), peers),
        Tally.Of(customers, seed => PatternPowerBenchmark.Plan(noise, seed) with { Shift = 8 }, peers));

    private static PeerStatistics Peers(Func<int, Noise> noise)
    {
        var estimates = new List<(double, int)>();
        for (var seed = FirstSeed; seed < FirstSeed + Others; seed++)
        {
            var plan = seed % 4 == 0 ? PatternPowerBenchmark.Shifted(noise(seed), seed) : PatternPowerBenchmark.Stable(noise(seed), seed);
            var invoices = GeneratedCustomer.Generate(seed, plan).History.Invoices;
            estimates.Add((RankScan.Autocorrelation([.. invoices.Select(invoice => (double)invoice.DaysLate)], [.. invoices.Select(invoice => invoice.IsOpen)], MinimumSegment), invoices.Count));
        }

        return PeerStatistics.None with { Payments = new PaymentPeers([]) { Autocorrelation = AutocorrelationPeers.Fit(estimates) } };
    }

    private static void Row(string name, PeerStatistics own, Found same, Found all) => PatternPowerBenchmark.Row(
        [name, FormattableString.Invariant($"{own.Payments!.Autocorrelation!.Mean:0.000}, {own.Payments.Autocorrelation.Variance:0.0000}"), .. same.Cells, .. all.Cells]);

    private readonly record struct Found(Tally Stable, Tally Shifted, Tally Corner)
    {
        public string[] Cells =>
            [PatternPowerBenchmark.Share(Stable.Timing, Stable.Customers), PatternPowerBenchmark.Share(Shifted.Timing, Shifted.Customers), PatternPowerBenchmark.Share(Corner.Timing, Corner.Customers)];

        public static Found operator +(Found left, Found right) =>
            new((left.Stable ?? Tally.None) + right.Stable, (left.Shifted ?? Tally.None) + right.Shifted, (left.Corner ?? Tally.None) + right.Corner);
    }
}
