namespace Platform.ServiceDefaults;

/// <summary>
/// Lets a number of values of a label have time series of their own; what comes later is <see cref="Other"/>. For labels whose values
/// callers choose: a metric must not grow with its callers.
/// </summary>
public sealed class BoundedLabel(int most)
{
    public const string Other = "other";

    private readonly BoundedMemory<string> _known = new(most);

    public string Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _known.Find(value) ?? _known.Keep(value, value) ?? Other;
    }
}
