using System.Globalization;

namespace Platform.Benchmarks;

/// <summary>What a process and everything below it has taken of the processors (Linux).</summary>
internal static class ProcessTree
{
    // The kernel counts in hundredths of a second on every platform that .NET supports.
    private const double MillisecondsPerTick = 10;
    private const int Parent = 1;
    private static readonly Range Times = 11..15;

    /// <summary>Milliseconds of processor time since each process started, with those of its children that ended.</summary>
    public static double ProcessorTime(int root)
    {
        var processes = new Dictionary<int, string[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(folder) is { } fields)
            {
                processes.Add(id, fields);
            }
        }

        return MillisecondsPerTick * processes.Where(process => IsBelow(process.Key, root, processes)).Sum(process => process.Value[Times].Sum(time => long.Parse(time, CultureInfo.InvariantCulture)));
    }

    private static bool IsBelow(int id, int root, Dictionary<int, string[]> processes)
    {
        for (var steps = 0; steps < 64 && id != root; steps++)
        {
            if (!processes.TryGetValue(id, out var fields))
            {
                return false;
            }

            id = int.Parse(fields[Parent], CultureInfo.InvariantCulture);
        }

        return id == root;
    }

    private static string[]? Read(string folder)
    {
        try
        {
            // The name may hold spaces and parentheses; what follows it does not.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
