using System.Collections.Concurrent;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Keeps one copy of a text that comes again and again: attribute names, routes, statements.</summary>
internal sealed class StringPool(int capacity = StringPool.DefaultCapacity)
{
    private const int DefaultCapacity = 20_000;
    private const int LongestShared = 200;

    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.Ordinal);

    public string Share(string text) =>
        text.Length == 0 ? string.Empty
        : text.Length > LongestShared ? text
        : texts.TryGetValue(text, out var known) ? known
        : texts.Count < capacity ? texts.GetOrAdd(text, text)
        : text;
}
