using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>
/// What the processes of the application print: all of it in a file per resource, what matters on the console with the resource's
/// name in front, the last lines in memory for messages.
/// </summary>
internal sealed class ResourceOutput : IDisposable
{
    /// <summary>Environment variable with the lowest level that the console shows: trace, debug, info, warning, error, critical or none.</summary>
    public const string LevelVariable = "PLATFORM_CONSOLE_LEVEL";

    private const int KeptLines = 5_000;
    private static readonly string[] Colours = ["36", "33", "35", "32", "34", "96", "93", "95", "92", "94"];

    private readonly ConcurrentDictionary<string, Tail> tails = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool coloured = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private int width = 8;

    /// <summary>Whether lines go to the console; tests keep it quiet.</summary>
    public bool Visible { get; set; }

    /// <summary>Lowest level that is shown; lines without a level always are.</summary>
    public LogLevel ShownLevel { get; set; } = LogLevel.Warning;

    /// <summary>Folder of the complete output, one file per resource; null writes none.</summary>
    public string? LogFolder { get; set; }

    /// <summary>Every line as it arrives: resource, text.</summary>
    public event Action<string, string>? Line;

    /// <exception cref="DistributedApplicationException">The value is not a level.</exception>
    public static LogLevel ReadLevel(string? value) =>
        string.IsNullOrEmpty(value)
            ? LogLevel.Warning
            : LogLine.ParseLevel(value) ?? throw new DistributedApplicationException(
                $"{LevelVariable} is '{value}'; allowed is trace, debug, info, warning, error, critical or none.");

    /// <summary>Makes room for the names.</summary>
    public void Align(IEnumerable<string> names) => width = names.Select(n => n.Length).DefaultIfEmpty(width).Max();

    /// <summary>A line that the resource printed.</summary>
    public void Write(string resource, string text)
    {
        var tail = Keep(resource, text);
        if (!Visible)
        {
            return;
        }

        var line = LogLine.Read(text);
        if (line.Level is not { } level || level >= ShownLevel)
        {
            Show(resource, tail, line.Text);
        }
    }

    /// <summary>What the host has to say about a resource; always shown.</summary>
    public void Tell(string resource, string text)
    {
        var tail = Keep(resource, text);
        if (Visible)
        {
            Show(resource, tail, text);
        }
    }

    /// <summary>A message of the host itself.</summary>
    public void Announce(string text)
    {
        if (Visible)
        {
            Console.Out.WriteLine(text);
        }
    }

    /// <summary>The last lines of a resource, oldest first.</summary>
    public IReadOnlyList<string> LastLines(string resource, int count = 15) =>
        tails.TryGetValue(resource, out var tail) ? tail.Last(count) : [];

    /// <summary>Lines newer than a sequence, oldest first; null when the resource printed nothing.</summary>
    /// <param name="resource">Resource name.</param>
    /// <param name="after">Sequence after which to begin, 0 for all that is kept.</param>
    public IReadOnlyList<OutputLine>? LinesAfter(string resource, long after) =>
        tails.TryGetValue(resource, out var tail) ? tail.After(after) : null;

    public void Dispose()
    {
        foreach (var tail in tails.Values)
        {
            tail.Dispose();
        }
    }

    private Tail Keep(string resource, string text)
    {
        var tail = tails.GetOrAdd(resource, static (name, self) => self.Open(name), this);
        tail.Add(text);
        Line?.Invoke(resource, text);
        return tail;
    }

    private Tail Open(string resource) => new(
        Colours[tails.Count % Colours.Length],
        LogFolder is null ? null : new ResourceLogFile(Path.Combine(LogFolder, resource + ".log")));

    private void Show(string resource, Tail tail, string text) => Console.Out.WriteLine(coloured
        ? $"\e[{tail.Colour}m{resource.PadRight(width)} |\e[0m {text}"
        : $"{resource.PadRight(width)} | {text}");

    private sealed class Tail(string colour, ResourceLogFile? file) : IDisposable
    {
        private readonly Queue<OutputLine> lines = new();
        private long sequence;

        public string Colour { get; } = colour;

        public void Add(string line)
        {
            lock (lines)
            {
                lines.Enqueue(new OutputLine(++sequence, line));
                if (lines.Count > KeptLines)
                {
                    lines.Dequeue();
                }

                file?.Write(line);
            }
        }

        public IReadOnlyList<string> Last(int count)
        {
            lock (lines)
            {
                return [.. lines.TakeLast(count).Select(line => line.Text)];
            }
        }

        public IReadOnlyList<OutputLine> After(long known)
        {
            lock (lines)
            {
                return [.. lines.SkipWhile(line => line.Sequence <= known)];
            }
        }

        public void Dispose()
        {
            lock (lines)
            {
                file?.Dispose();
            }
        }
    }
}

/// <summary>A line that a resource printed; <see cref="Sequence"/> grows by one with each.</summary>
internal readonly record struct OutputLine(long Sequence, string Text);
