namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Keeps one copy of a text that comes again and again: attribute names, routes, statements. A text that comes displaces another one with the
/// same place, so that texts which come once cost a look and nothing else. Safe for concurrent use without locks: at worst a text is kept twice.
/// </summary>
internal sealed class StringPool
{
    private const int Places = 1 << 14;
    private const int LongestShared = 200;

    private readonly string?[] texts = new string?[Places];

    public string Share(string text)
    {
        if (text.Length == 0 || text.Length > LongestShared)
        {
            return text;
        }

        ref var place = ref texts[text.GetHashCode(StringComparison.Ordinal) & (Places - 1)];
        if (place is { } known && string.Equals(known, text, StringComparison.Ordinal))
        {
            return known;
        }

        place = text;
        return text;
    }

    /// <summary>The copy that is kept of this text, without another one when there is one.</summary>
    public string Share(ReadOnlySpan<char> text)
    {
        ref var place = ref texts[string.GetHashCode(text, StringComparison.Ordinal) & (Places - 1)];
        return place is { } known && text.SequenceEqual(known) ? known : place = new string(text);
    }
}
