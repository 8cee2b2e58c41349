using System.Globalization;
using System.Text;

namespace Platform.LoadTests;

/// <summary>What a run measured.</summary>
/// <param name="Samples">Every answer of the measured part.</param>
/// <param name="Elapsed">How long it lasted.</param>
/// <param name="Started">From building the system to a healthy gateway; null when it ran already.</param>
/// <param name="IdleMemory">Before the first question.</param>
/// <param name="MemoryAfter">After the last.</param>
/// <param name="ProcessorBefore">Processor time of each process when the measured part began.</param>
/// <param name="ProcessorAfter">And when it ended.</param>
internal sealed record Measurements(
    IReadOnlyList<Sample> Samples,
    TimeSpan Elapsed,
    TimeSpan? Started,
    IReadOnlyList<(string Service, double MiB)> IdleMemory,
    IReadOnlyList<(string Service, double MiB)> MemoryAfter,
    IReadOnlyList<(string Service, double Milliseconds)> ProcessorBefore,
    IReadOnlyList<(string Service, double Milliseconds)> ProcessorAfter);

/// <summary>What a run measured, in words.</summary>
internal static class Report
{
    public static string Write(LoadOptions options, Measurements measured)
    {
        (IReadOnlyList<Sample> samples, TimeSpan elapsed) = (measured.Samples, measured.Elapsed);
        double[] times = [.. samples.Where(s => s.Error is null).Select(s => s.Milliseconds).Order()];
        int errors = samples.Count - times.Length;
        StringBuilder text = new();
        Line($"clients {options.Clients}, {elapsed.TotalSeconds:0.0} s, think time up to {options.ThinkTime.TotalSeconds:0} s, seed {options.Seed}, model {options.Model?.Behaviour ?? "none"}");
        Line($"answers {times.Length}, errors {errors} ({(samples.Count == 0 ? 0 : 100.0 * errors / samples.Count):0.00} %), {times.Length / elapsed.TotalSeconds:0.0}/s");
        if (times.Length > 0)
        {
            Line($"latency p50 {Percentile(times, 0.50):0.0} ms, p95 {Percentile(times, 0.95):0.0} ms, p99 {Percentile(times, 0.99):0.0} ms, max {times[^1]:0.0} ms");
            Line($"degraded answers {samples.Count(s => s.Error is null && s.Degradation != "full")}");
            Line($"stage                 p50 ms   share of the answer");
            double total = Percentile([.. samples.Where(s => s.Timings.ContainsKey("total")).Select(s => s.Timings["total"]).Order()], 0.5);
            foreach (IGrouping<string, KeyValuePair<string, double>> stage in samples.SelectMany(s => s.Timings).GroupBy(t => t.Key).OrderBy(g => g.Key == "total"))
            {
                double median = Percentile([.. stage.Select(t => t.Value).Order()], 0.5);
                Line($"  {stage.Key,-18} {median,8:0.0}   {100 * median / total,5:0.0} %");
            }
        }

        foreach (IGrouping<string, Sample> kind in samples.Where(s => s.Error is null).GroupBy(s => s.Kind).OrderByDescending(g => g.Count()))
        {
            Line($"answers of kind {kind.Key}: {kind.Count()} ({100.0 * kind.Count() / times.Length:0.0} %), p95 {Percentile([.. kind.Select(s => s.Milliseconds).Order()], 0.95):0} ms");
        }

        foreach (IGrouping<string, Sample> error in samples.Where(s => s.Error is not null).GroupBy(s => s.Error!))
        {
            Line($"error {error.Key}: {error.Count()}");
        }

        if (times.Length > 0)
        {
            Line($"first measured answer {samples[0].Milliseconds:0} ms, body p50 {Percentile([.. samples.Where(s => s.Error is null).Select(s => s.Bytes / 1024.0).Order()], 0.5):0.0} KiB");
        }

        if (measured.Started is { } started)
        {
            Line($"start to healthy {started.TotalSeconds:0.0} s");
        }

        Line($"{"process",-30} idle MiB   after MiB   processor ms an answer");
        Dictionary<string, double> after = measured.MemoryAfter.ToDictionary(), before = measured.ProcessorBefore.ToDictionary(), idle = measured.IdleMemory.ToDictionary();
        foreach ((string service, double spent) in measured.ProcessorAfter)
        {
            Line($"  {service,-28} {idle.GetValueOrDefault(service),8:0.0}   {after.GetValueOrDefault(service),9:0.0}   {(spent - before.GetValueOrDefault(service)) / Math.Max(1, times.Length),8:0.00}");
        }

        Line($"  {"all",-28} {idle.Values.Sum(),8:0.0}   {after.Values.Sum(),9:0.0}   {(measured.ProcessorAfter.Sum(p => p.Milliseconds) - before.Values.Sum()) / Math.Max(1, times.Length),8:0.00}");
        if (LoadAverage() is { } load)
        {
            Line($"load average of the machine {load}, {Environment.ProcessorCount} processors");
        }

        if (options.IsJudged)
        {
            Line($"L4 p95 < {LoadOptions.LongestP95:0} ms: {(P95(samples) < LoadOptions.LongestP95 ? "met" : "not met")}, errors < {100 * LoadOptions.MostErrors:0} %: {(ErrorShare(samples) < LoadOptions.MostErrors ? "met" : "not met")}");
        }

        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Without bars no error is allowed.</summary>
    public static bool Holds(LoadOptions options, IReadOnlyList<Sample> samples) => samples.Count > 0 && (options.IsJudged
        ? P95(samples) < LoadOptions.LongestP95 && ErrorShare(samples) < LoadOptions.MostErrors
        : ErrorShare(samples) == 0);

    private static double P95(IReadOnlyList<Sample> samples) => Percentile([.. samples.Where(s => s.Error is null).Select(s => s.Milliseconds).Order()], 0.95);

    private static double ErrorShare(IReadOnlyList<Sample> samples) => samples.Count(s => s.Error is not null) / (double)Math.Max(1, samples.Count);

    private static string? LoadAverage() => OperatingSystem.IsLinux() ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : null;

    /// <summary>Nearest rank.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
