using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.LoadTests;

/// <summary>
/// What the processes of the system take on this machine: memory as proportional set size, which counts shared pages once
/// (P21), and processor time, which other programs on the machine disturb far less than they disturb latency.
/// </summary>
internal sealed partial class ServiceProcesses
{
    // The kernel counts processor time in hundredths of a second on every platform that .NET supports.
    private const double MillisecondsPerTick = 10;

    private readonly int? ancestor;

    /// <param name="onlyBelow">Counts only descendants of this process: another system may run beside it. Null counts all.</param>
    public ServiceProcesses(int? onlyBelow) => ancestor = onlyBelow;

    public IReadOnlyList<(string Service, double MiB)> ReadMemory() => Read(folder =>
    {
        string pss = File.ReadLines(Path.Combine(folder, "smaps_rollup")).First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(pss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    });

    /// <summary>Milliseconds of processor time since each process started, with those of its children that ended.</summary>
    public IReadOnlyList<(string Service, double Milliseconds)> ReadProcessorTime() => Read(folder =>
    {
        string[] fields = AfterName(File.ReadAllText(Path.Combine(folder, "stat")));
        return MillisecondsPerTick * fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
    });

    private List<(string, double)> Read(Func<string, double> measure)
    {
        Dictionary<string, double> services = new(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                if (NameOf(File.ReadAllText(Path.Combine(folder, "cmdline"))) is { } name && IsOurs(folder))
                {
                    services[name] = services.GetValueOrDefault(name) + measure(folder);
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // The process ended between being listed and being read.
            }
        }

        return [.. services.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value))];
    }

    private bool IsOurs(string folder)
    {
        for (int steps = 0; ancestor is not null && steps < 64; steps++)
        {
            int parent = int.Parse(AfterName(File.ReadAllText(Path.Combine(folder, "stat")))[1], CultureInfo.InvariantCulture);
            if (parent == ancestor)
            {
                return true;
            }

            if (parent <= 1)
            {
                return false;
            }

            folder = $"/proc/{parent.ToString(CultureInfo.InvariantCulture)}";
        }

        return ancestor is null;
    }

    // The name may hold spaces and parentheses; what follows it does not.
    private static string[] AfterName(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    private static string? NameOf(string commandLine)
    {
        if (ServiceAssembly().Match(commandLine) is { Success: true } service)
        {
            return service.Groups[1].Value;
        }

        return commandLine.StartsWith("postgres", StringComparison.Ordinal) || commandLine.Contains("/postgres\0", StringComparison.Ordinal) ? "postgres"
            : commandLine.Contains("redis-server", StringComparison.Ordinal) ? "redis"
            : null;
    }

    [GeneratedRegex(@"(Platform\.(?:Gateway|EntityResolution|PatternAnalysis|ContextSynthesis|ResponseGeneration|Memory|DataQuestions|ModelGateway))\.dll")]
    private static partial Regex ServiceAssembly();
}
