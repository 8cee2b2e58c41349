using System.Security.Cryptography;

namespace Platform.ModelGateway.Safety.Placeholders;

/// <summary>
/// The stand-ins of one call, such as <c>PII_EMAIL_1_K7XQ2M4WPA</c>. Their last part is drawn for the call and occurs in none of its texts, so
/// that nobody who writes into a prompt can name one; they consist of characters that are allowed in names and JSON, and none begins another.
/// </summary>
internal sealed class PlaceholderSet
{
    internal const string Prefix = "PII_";
    private const int NonceLength = 10;
    private const string Alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    private readonly string _nonce;
    private readonly Dictionary<(PiiType, string), string> _byValue = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<PiiType, int> _counts = [];

    private PlaceholderSet(string nonce) => _nonce = nonce;

    internal int Count => _values.Count;

    /// <summary>Length of the longest placeholder.</summary>
    internal int Longest { get; private set; }

    /// <summary>For a call whose texts are these.</summary>
    internal static PlaceholderSet For(IEnumerable<string> texts) => For(texts, () => RandomNumberGenerator.GetString(Alphabet, NonceLength));

    internal static PlaceholderSet For(IEnumerable<string> texts, Func<string> draw)
    {
        var all = texts as IReadOnlyCollection<string> ?? [.. texts];
        string nonce;
        do
        {
            nonce = draw();
        }
        while (all.Any(text => text.Contains(nonce, StringComparison.OrdinalIgnoreCase)));

        return new PlaceholderSet(nonce);
    }

    /// <summary>The stand-in of a value: the same one each time.</summary>
    internal string Of(PiiType type, string value)
    {
        if (_byValue.TryGetValue((type, value), out var known))
        {
            return known;
        }

        var number = _counts[type] = _counts.GetValueOrDefault(type) + 1;
        var placeholder = $"{Prefix}{type.Name().ToUpperInvariant()}_{number}_{_nonce}";
        _byValue.Add((type, value), placeholder);
        _values.Add(placeholder, value);
        Longest = Math.Max(Longest, placeholder.Length);
        return placeholder;
    }

    /// <summary>The value behind the placeholder that the text begins with, and how long that is.</summary>
    internal (string Value, int Length)? Match(ReadOnlySpan<char> text)
    {
        var end = NonceEnd(text);
        return end > 0 && _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..end], out var value) ? (value, end) : null;
    }

    /// <summary>True when the text may become a placeholder with more characters after it.</summary>
    internal bool MayBegin(ReadOnlySpan<char> text)
    {
        if (text.Length >= Longest)
        {
            return false;
        }

        foreach (var placeholder in _values.Keys)
        {
            if (placeholder.Length > text.Length && placeholder.AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private int NonceEnd(ReadOnlySpan<char> text)
    {
        var window = text[..Math.Min(text.Length, Longest)];
        var at = window.IndexOf(_nonce, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? -1 : at + _nonce.Length;
    }
}
