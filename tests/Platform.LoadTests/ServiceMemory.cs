using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.LoadTests;

/// <summary>Memory of the services on this machine: proportional set size, which counts shared pages once (P21).</summary>
internal static partial class ServiceMemory
{
    public static IReadOnlyList<(string Service, double MiB)> Read()
    {
        List<(string, double)> services = [];
        if (!OperatingSystem.IsLinux())
        {
            return services;
        }

        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                Match service = ServiceAssembly().Match(File.ReadAllText(Path.Combine(folder, "cmdline")));
                if (!service.Success)
                {
                    continue;
                }

                string pss = File.ReadLines(Path.Combine(folder, "smaps_rollup")).First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
                double kibibytes = double.Parse(pss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
                services.Add((service.Groups[1].Value, kibibytes / 1024));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // The process ended between being listed and being read.
            }
        }

        return [.. services.OrderBy(s => s.Item1, StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"(Platform\.(?:Gateway|EntityResolution|PatternAnalysis|ContextSynthesis|ResponseGeneration|Memory|DataQuestions|ModelGateway))\.dll")]
    private static partial Regex ServiceAssembly();
}
