using System.Globalization;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>
/// Bar Q2 on customers with a known truth: how many planted shifts are found, how many stable customers are accused, whether
/// confidence and intervals hold what they say, how long it takes, and the same series through R's strucchange. Prints Markdown.
/// </summary>
internal sealed class PatternPowerBenchmark : IBenchmark
{
    private const double Spread = 4;

    private static readonly double[] Sizes = [2, 4, 6, 8, 10, 12, 16];
    private static readonly int[] Lengths = [6, 8, 12, 16, 24];

    public string Name => "pattern-power";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var customers = isShort ? 20 : 400;
        Table("Stable customers and planted shifts", ["noise", "held out", "stable", "accused: timing", "accused: any detector", "shifted 8 to 20 days", "found", "µs stable", "µs shifted"]);
        var stable = Tally.None;
        var shifted = Tally.None;
        foreach (var noise in Noise.Families)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var calm = Tally.Of(customers, seed => Stable(noise, seed));
            var moved = Tally.Of(customers, seed => Shifted(noise, seed));
            (stable, shifted) = (stable + calm, shifted + moved);
            Row(noise.Name, noise.IsHeldOut ? "yes" : "", calm.Customers, Share(calm.Timing, calm.Customers), Share(calm.Any, calm.Customers), moved.Customers, Share(moved.Timing, moved.Customers), Number(calm.Microseconds), Number(moved.Microseconds));
        }

        Row("all", "", stable.Customers, Share(stable.Timing, stable.Customers), Share(stable.Any, stable.Customers), shifted.Customers, Share(shifted.Timing, shifted.Customers), Number(stable.Microseconds), Number(shifted.Microseconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nOf the shifts found, the 95 % interval of the size held the truth in {Share(shifted.SizeCovered, shifted.Timing)}, that of the day in {Share(shifted.DayCovered, shifted.Timing)}; the day was within three invoices in {Share(shifted.Near, shifted.Timing)}."));

        Table("Found, by size (12 invoices since, 36 before, standard deviation 4 days)", ["noise", .. Sizes.Select(size => $"{size} d")]);
        foreach (var noise in Noise.Families)
        {
            Row([noise.Name, .. Sizes.Select(size => Found(customers, seed => Plan(noise, seed) with { Shift = size }))]);
        }

        Table("Found, by invoices since the shift (8 days, 36 before)", ["noise", .. Lengths.Select(length => $"{length}")]);
        foreach (var noise in Noise.Families)
        {
            Row([noise.Name, .. Lengths.Select(length => Found(customers, seed => Plan(noise, seed) with { Shift = 8, InvoicesAfter = length }))]);
        }

        AmongOthers.Print(customers, cancellationToken);
        Reliability.Print(isShort ? 20 : 600);
        await StrucchangeComparison.PrintAsync(isShort ? 20 : 1000, cancellationToken);
    }

    public static CustomerPlan Plan(Noise noise, int seed) => new() { Noise = noise, Spread = Spread, Level = (seed % 5) * 3 };

    public static CustomerPlan Stable(Noise noise, int seed) => Plan(noise, seed) with { InvoicesBefore = LengthOf(noise, seed) };

    public static CustomerPlan Shifted(Noise noise, int seed) =>
        Stable(noise, seed) with { Shift = (seed % 2 == 0 ? 1 : -1) * (8 + (seed % 13)), InvoicesAfter = 12 + (seed % 13) };

    /// <summary>Seasons can be told from shifts only when two of them have been seen.</summary>
    public static int LengthOf(Noise noise, int seed) => noise.Name.StartsWith("season", StringComparison.Ordinal) ? 110 + (seed % 60) : 24 + (seed % 60);

    public static void Table(string title, string[] columns) =>
        Console.WriteLine($"\n### {title}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => "---|"))}");

    public static void Row(params object[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    public static string Share(int part, int whole) => whole == 0 ? "none" : ((double)part / whole).ToString("0.0 %", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private static string Found(int customers, Func<int, CustomerPlan> plan)
    {
        var tally = Tally.Of(customers / 2, plan);
        return Share(tally.Timing, tally.Customers);
    }
}
