using System.Diagnostics;
using System.Globalization;

namespace Platform.EndToEndTests;

/// <summary>Finds the processes that this test run started, so that a test can end one.</summary>
internal static class ServiceProcesses
{
    /// <summary>Process ids below this one whose command line holds the words.</summary>
    public static IReadOnlyList<int> Find(string words)
    {
        Dictionary<int, int> parents = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && ParentOf(id) is { } parent)
            {
                parents[id] = parent;
            }
        }

        return [.. parents.Keys.Where(id => IsBelow(id, parents) && CommandLine(id).Contains(words, StringComparison.Ordinal)).Order()];
    }

    /// <summary>Ends a process at once, as `kill -9` does.</summary>
    public static void Kill(int id)
    {
        using Process process = Process.GetProcessById(id);
        process.Kill();
    }

    /// <summary>Lets processes hang, as a long garbage collection or a swapping machine does; they go on when the result is disposed.</summary>
    public static IDisposable Freeze(params int[] ids)
    {
        Send("STOP", ids);
        return new Frozen(ids);
    }

    private static void Send(string signal, int[] ids)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit(TimeSpan.FromSeconds(5));
    }

    private sealed class Frozen(int[] ids) : IDisposable
    {
        public void Dispose() => Send("CONT", ids);
    }

    private static bool IsBelow(int id, Dictionary<int, int> parents)
    {
        for (int steps = 0; steps < 64 && parents.TryGetValue(id, out int parent); steps++)
        {
            if (parent == Environment.ProcessId)
            {
                return true;
            }

            id = parent;
        }

        return false;
    }

    private static int? ParentOf(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
