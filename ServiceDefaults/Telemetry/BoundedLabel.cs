using System.Collections.Concurrent;

namespace Platform.ServiceDefaults;

/// <summary>
/// Lets a number of values of a label have time series of their own; what comes later is <see cref="Other"/>. For labels whose values
/// callers choose: a metric must not grow with its callers.
/// </summary>
public sealed class BoundedLabel(int most)
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private volatile bool _full;

    public string Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_known.TryGetValue(value, out var known))
        {
            return known;
        }

        // To count a concurrent dictionary takes all its locks, so a full one is not counted again. Two callers at the border may both get in:
        // the bound holds but for as many as call at the same moment.
        if (_full || _known.Count >= most)
        {
            _full = true;
            return Other;
        }

        return _known.GetOrAdd(value, value);
    }
}
