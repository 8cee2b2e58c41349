using System.Collections.Concurrent;

namespace Platform.ServiceDefaults;

/// <summary>
/// Remembers something for each of a number of texts that callers choose, and nothing for those that come later. To count a concurrent dictionary
/// takes all its locks, so a full one is not counted again. Callers at the border may all get in: the bound holds but for as many as call at the same moment.
/// </summary>
internal sealed class BoundedMemory<T>(int most)
    where T : class
{
    private readonly ConcurrentDictionary<string, T> _known = new(StringComparer.Ordinal);
    private volatile bool _full;

    public T? Find(string text) => _known.GetValueOrDefault(text);

    /// <returns>What is remembered, from now on or since before; null when there is no room.</returns>
    public T? Keep(string text, T value)
    {
        if (_full || _known.Count >= most)
        {
            _full = true;
            return null;
        }

        return _known.GetOrAdd(text, value);
    }
}
