using System.Collections.Concurrent;

namespace Aspire.Hosting.Running;

/// <summary>What the processes of the application print: shown with the resource's name in front, the last lines kept for messages.</summary>
internal sealed class ResourceOutput
{
    private const int KeptLines = 40;
    private static readonly string[] Colours = ["36", "33", "35", "32", "34", "96", "93", "95", "92", "94"];

    private readonly ConcurrentDictionary<string, Tail> tails = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool coloured = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private int width = 8;

    /// <summary>Whether lines go to the console; tests keep it quiet.</summary>
    public bool Visible { get; set; }

    /// <summary>Every line as it arrives: resource, text.</summary>
    public event Action<string, string>? Line;

    /// <summary>Makes room for the names.</summary>
    public void Align(IEnumerable<string> names) => width = names.Select(n => n.Length).DefaultIfEmpty(width).Max();

    public void Write(string resource, string text)
    {
        var tail = tails.GetOrAdd(resource, static (_, number) => new Tail(Colours[number % Colours.Length]), tails.Count);
        tail.Add(text);
        Line?.Invoke(resource, text);
        if (Visible)
        {
            var shown = LogLine.Shorten(text);
            Console.Out.WriteLine(coloured
                ? $"\e[{tail.Colour}m{resource.PadRight(width)} |\e[0m {shown}"
                : $"{resource.PadRight(width)} | {shown}");
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

    private sealed class Tail(string colour)
    {
        private readonly Queue<string> lines = new();

        public string Colour { get; } = colour;

        public void Add(string line)
        {
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > KeptLines)
                {
                    lines.Dequeue();
                }
            }
        }

        public IReadOnlyList<string> Last(int count)
        {
            lock (lines)
            {
                return [.. lines.TakeLast(count)];
            }
        }
    }
}
