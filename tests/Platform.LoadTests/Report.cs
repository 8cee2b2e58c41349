using System.Globalization;
using System.Text;

namespace Platform.LoadTests;

/// <summary>What a run measured, in words.</summary>
internal static class Report
{
    public static string Write(LoadOptions options, IReadOnlyList<Sample> samples, TimeSpan elapsed, IReadOnlyList<(string Service, double MiB)> memory)
    {
        double[] times = [.. samples.Where(s => s.Error is null).Select(s => s.Milliseconds).Order()];
        int errors = samples.Count - times.Length;
        StringBuilder text = new();
        Line($"clients {options.Clients}, {elapsed.TotalSeconds:0.0} s, think time up to {options.ThinkTime.TotalSeconds:0} s, seed {options.Seed}");
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

        foreach (IGrouping<string, Sample> error in samples.Where(s => s.Error is not null).GroupBy(s => s.Error!))
        {
            Line($"error {error.Key}: {error.Count()}");
        }

        foreach ((string service, double mebibytes) in memory)
        {
            Line($"memory {service,-34} {mebibytes,7:0.0} MiB");
        }

        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Nearest rank.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
