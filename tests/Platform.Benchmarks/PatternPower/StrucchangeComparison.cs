using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Platform.PatternAnalysis.Detectors.PaymentTimingShift;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>
/// The same series through R's strucchange (supremum of F statistics, Zeileis and others 2002): thresholds of both set, for
/// each noise, so that 1 % of its stable series are accused, then shifts found and the distance of the day, in invoices.
/// </summary>
internal static class StrucchangeComparison
{
    private static readonly PaymentTimingOptions Options = new();
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private sealed record Series(string Family, IReadOnlyList<SettlementRow> Invoices, int? Change)
    {
        public double[] Values { get; } = [.. Invoices.Select(invoice => (double)invoice.DaysLate)];
    }

    /// <param name="Clarity">Larger is clearer.</param>
    private sealed record Reading(double Clarity, int Index);

    public static async Task PrintAsync(int perFamily, CancellationToken cancellationToken)
    {
        List<Series> series = [];
        foreach (var noise in Noise.Families)
        {
            for (var seed = 1; seed <= 2 * perFamily; seed++)
            {
                var plan = PatternPowerBenchmark.Plan(noise, seed) with { Shift = seed % 2 == 0 ? 0 : 8, IsSettled = true };
                var customer = GeneratedCustomer.Generate(200_000 + seed, plan);
                series.Add(new Series(noise.Name, customer.History.Invoices, customer.ChangedOn is null ? null : plan.InvoicesBefore));
            }
        }

        var started = Stopwatch.GetTimestamp();
        List<Reading> own = [.. series.Select(one =>
        {
            var segments = TimingSegments.Find(one.Invoices, one.Values, new bool[one.Values.Length], Options, null);
            return new Reading(-segments.PValue, segments.Change);
        })];
        var ownTime = Stopwatch.GetElapsedTime(started).TotalMicroseconds / series.Count;
        if (await StrucchangeAsync(series, cancellationToken) is not var (theirs, theirTime))
        {
            Console.WriteLine("\nThe comparison with strucchange was skipped: Rscript with the package strucchange (Debian: r-cran-strucchange) is not installed.");
            return;
        }

        PrintOneThreshold(series, own, theirs);
        PatternPowerBenchmark.Table("Beside strucchange, a threshold for each kind of noise (8 days, 12 invoices since, 36 before; each at 1 % of the stable series of that kind accused)", ["noise", "Platform: found", "strucchange: found", "Platform: mean distance of the day, invoices", "strucchange: distance"]);
        foreach (var family in series.Select(one => one.Family).Distinct())
        {
            var (stable, shifted) = (Indexes(series, family, isShifted: false), Indexes(series, family, isShifted: true));
            var (ownThreshold, theirThreshold) = (Threshold(stable, own), Threshold(stable, theirs));
            PatternPowerBenchmark.Row(family, Above(shifted, own, ownThreshold), Above(shifted, theirs, theirThreshold), Distance(series, shifted, own, ownThreshold), Distance(series, shifted, theirs, theirThreshold));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nTime per series of 48: {ownTime:0} µs here, {theirTime:0} µs in strucchange ({series.Count} series, one thread each)."));
    }

    /// <summary>What a user meets, who does not know which kind of noise a customer has: one threshold of each method, the same for all.</summary>
    private static void PrintOneThreshold(List<Series> series, List<Reading> own, List<Reading> theirs)
    {
        PatternPowerBenchmark.Table(
            "Beside strucchange, one threshold for all kinds of noise (8 days, 12 invoices since, 36 before; each at 1 % of all stable series accused)",
            ["noise", "Platform: accused", "strucchange: accused", "Platform: found", "strucchange: found"]);
        var all = Indexes(series, null, isShifted: false);
        var (ownThreshold, theirThreshold) = (Threshold(all, own), Threshold(all, theirs));
        foreach (var family in series.Select(one => one.Family).Distinct().Append(null))
        {
            var (stable, shifted) = (Indexes(series, family, isShifted: false), Indexes(series, family, isShifted: true));
            PatternPowerBenchmark.Row(family ?? "all", Above(stable, own, ownThreshold), Above(stable, theirs, theirThreshold), Above(shifted, own, ownThreshold), Above(shifted, theirs, theirThreshold));
        }
    }

    private static List<int> Indexes(List<Series> series, string? family, bool isShifted) =>
        [.. Enumerable.Range(0, series.Count).Where(i => series[i].Change is not null == isShifted && (family is null || series[i].Family == family))];

    private static double Threshold(List<int> stable, List<Reading> readings) => stable.Select(i => readings[i].Clarity).OrderDescending().ElementAt(stable.Count / 100);

    private static string Above(List<int> indexes, List<Reading> readings, double threshold) =>
        PatternPowerBenchmark.Share(indexes.Count(i => readings[i].Clarity > threshold), indexes.Count);

    private static string Distance(List<Series> series, List<int> indexes, List<Reading> readings, double threshold)
    {
        var found = indexes.Where(i => readings[i].Clarity > threshold).ToList();
        return found.Count == 0 ? "none" : found.Average(i => Math.Abs(readings[i].Index - series[i].Change!.Value)).ToString("0.00", CultureInfo.InvariantCulture);
    }

    private static async Task<(List<Reading> Readings, double Microseconds)?> StrucchangeAsync(List<Series> series, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pattern-power-");
        try
        {
            var input = Path.Combine(folder.FullName, "series.csv");
            var output = Path.Combine(folder.FullName, "breaks.csv");
            await File.WriteAllLinesAsync(input, series.Select(one => string.Join(',', one.Values.Select(value => value.ToString(CultureInfo.InvariantCulture)))), cancellationToken);
            using var process = Process.Start(new ProcessStartInfo("Rscript", ["--vanilla", Path.Combine(AppContext.BaseDirectory, "strucchange.R"), input, output]) { RedirectStandardError = true });
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timer.CancelAfter(Limit);
            var complaints = process!.StandardError.ReadToEndAsync(timer.Token);
            try
            {
                await process.WaitForExitAsync(timer.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode != 0)
            {
                Console.Error.WriteLine(await complaints);
                return null;
            }

            var lines = await File.ReadAllLinesAsync(output, cancellationToken);
            var microseconds = double.Parse(lines[0], CultureInfo.InvariantCulture);
            return ([.. lines.Skip(1).Select(line => line.Split(',')).Select(cells => new Reading(double.Parse(cells[0], CultureInfo.InvariantCulture), int.Parse(cells[1], CultureInfo.InvariantCulture)))], microseconds);
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
