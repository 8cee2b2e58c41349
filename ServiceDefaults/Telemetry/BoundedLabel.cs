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

    public string Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_known.TryGetValue(value, out var known))
        {
            return known;
        }

        // Two callers at the border may both get in: the bound holds but for as many as call at the same moment.
        return _known.Count < most ? _known.GetOrAdd(value, value) : Other;
    }
}
