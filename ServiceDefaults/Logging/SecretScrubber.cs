using System.Buffers;
using System.Text.RegularExpressions;

namespace Platform.ServiceDefaults;

/// <summary>Takes keys, passwords and connection strings out of text that leaves the process in a log.</summary>
internal static partial class SecretScrubber
{
    internal const string Replacement = "***";

    private static readonly SearchValues<string> Hints = SearchValues.Create(
        ["password", "pwd", "passwd", "secret", "key", "token", "bearer", "basic ", "sk-", "://", "credential", "signature"],
        StringComparison.OrdinalIgnoreCase);

    // The search for the words in any case leaves the vectorized path for letters that have relatives outside ASCII (k, s, i). Their first
    // three letters in every case are few enough for the fast one, and most lines hold none of them.
    private static readonly SearchValues<string> Beginnings = SearchValues.Create(
        [.. ((string[])["pas", "pwd", "sec", "key", "tok", "bea", "bas", "cre", "sig"]).SelectMany(Cases), "sk-", "SK-", "sK-", "Sk-", "://"], StringComparison.Ordinal);

    internal static bool IsSecretName(string name) => SecretName().IsMatch(name);

    internal static string Scrub(string text)
    {
        // Most lines hold none of these words; looking for them all at once costs far less than the expressions.
        if (!text.AsSpan().ContainsAny(Beginnings) || !text.AsSpan().ContainsAny(Hints))
        {
            return text;
        }

        text = UserInfo().Replace(text, $"$1{Replacement}@");
        text = AuthorizationValue().Replace(text, $"$1 {Replacement}");
        text = ProviderKey().Replace(text, Replacement);
        return Assignment().Replace(text, $"$1$2{Replacement}");
    }

    private static IEnumerable<string> Cases(string word) => Enumerable.Range(0, 1 << word.Length)
        .Select(upper => string.Concat(word.Select((letter, index) => (upper & (1 << index)) == 0 ? letter : char.ToUpperInvariant(letter))));

    [GeneratedRegex("(api[-_]?key|secret|password|passwd|pwd|connection[-_]?string|access[-_]?key|account[-_]?key|private[-_]?key|credential)s?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^\s/@:""']*:[^\s/@""']+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AuthorizationValue();

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{8,}")]
    private static partial Regex ProviderKey();

    [GeneratedRegex(
        @"\b((?:[a-z0-9]+[-_. ]?)?(?:password|passwd|pwd|secret|api[-_]?key|access[-_]?key|account[-_]?key|shared[-_]?access[-_]?key|private[-_]?key|credential|signature|access[-_]?token|refresh[-_]?token|id[-_]?token|auth[-_]?token))(""?\s*[=:]\s*)(?:""[^""]*""|'[^']*'|[^\s;,&""'}]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
