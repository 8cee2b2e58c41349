using System.Buffers;

namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Keys, tokens and passwords: by the prefixes that their issuers gave them so that they can be found, or by the word before.</summary>
internal sealed class SecretRecognizer : IPiiRecognizer
{
    private const int ShortestKey = 16;

    /// <summary>Prefix and the fewest characters that follow it.</summary>
    private static readonly (string Prefix, int Fewest)[] Prefixes =
    [
        ("sk-", 20), ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("pk_live_", 16), ("whsec_", 16), ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("github_pat_", 30), ("glpat-", 18),
        ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10), ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("ya29.", 20), ("SG.", 30), ("npm_", 30), ("pypi-", 30), ("hf_", 30), ("dop_v1_", 40),
        ("shpat_", 30), ("sq0atp-", 20), ("EAACEdEose0cBA", 10), ("AccountKey=", 40), ("SharedAccessKey=", 30), ("lin_api_", 30), ("key-", 32), ("AGE-SECRET-KEY-", 40), ("xai-", 30), ("gsk_", 30), ("r8_", 30), ("tskey-", 20), ("dapi", 32),
    ];

    private static readonly SearchValues<string> Anchors = SearchValues.Create(
        [.. Prefixes.Select(prefix => prefix.Prefix), "eyJ", "-----BEGIN ", "Bearer ", "Basic ", "password", "passwd", "pwd", "secret", "api key", "api-key", "api_key", "apikey", "access key", "access_key", "passphrase", "bc1", "token"],
        StringComparison.OrdinalIgnoreCase);

    // By itself: all others have three characters, and are found faster without one that has two.
    private static readonly SearchValues<string> Hexadecimal = SearchValues.Create(["0x"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Words = ["password", "passwd", "pwd", "secret", "api key", "api-key", "api_key", "apikey", "access key", "access_key", "passphrase", "token"];

    public void Find(string text, PiiFindings findings)
    {
        var (anchor, hexadecimal) = (Next(text, 0, Anchors), Next(text, 0, Hexadecimal));
        while (Math.Min(anchor, hexadecimal) is var at && at < text.Length)
        {
            findings.Step();
            var position = Match(text, at) is { } found ? Add(found, findings) : at + 1;
            anchor = anchor < position ? Next(text, position, Anchors) : anchor;
            hexadecimal = hexadecimal < position ? Next(text, position, Hexadecimal) : hexadecimal;
        }
    }

    /// <summary>The first place from <paramref name="position"/> on; the length of the text when there is none.</summary>
    private static int Next(string text, int position, SearchValues<string> values) =>
        text.AsSpan(position).IndexOfAny(values) is >= 0 and var next ? position + next : text.Length;

    private static int Add((PiiType Type, int Start, int End) found, PiiFindings findings)
    {
        findings.Add(found.Type, found.Start, found.End);
        return found.End;
    }

    private static (PiiType Type, int Start, int End)? Match(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("-----BEGIN ", StringComparison.Ordinal) && rest[..Math.Min(rest.Length, 60)].Contains("KEY", StringComparison.Ordinal))
        {
            // Without its end line everything that follows may belong to it.
            var end = rest.IndexOf("-----END ", StringComparison.Ordinal);
            var close = end < 0 ? -1 : rest[(end + 9)..].IndexOf("-----", StringComparison.Ordinal);
            return (PiiType.Secret, at, close < 0 ? text.Length : at + end + 9 + close + 5);
        }

        if (at > 0 && char.IsLetterOrDigit(text[at - 1]) && WordAt(text, at) is null)
        {
            return null;
        }

        if (rest.StartsWith("eyJ", StringComparison.Ordinal))
        {
            var end = KeyEnd(text, at);
            return text.AsSpan(at, end - at).Count('.') >= 2 && end - at >= 36 ? (PiiType.Secret, at, end) : null;
        }

        if (rest.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var start = at + rest.IndexOf(' ') + 1;
            var end = KeyEnd(text, start);
            return end - start >= ShortestKey && LooksRandom(text.AsSpan(start, end - start)) ? (PiiType.Secret, start, end) : null;
        }

        return Wallet(text, at) ?? Prefixed(text, at) ?? Assigned(text, at);
    }

    private static string? WordAt(string text, int at)
    {
        foreach (var word in Words)
        {
            if (text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        return null;
    }

    private static (PiiType, int, int)? Prefixed(string text, int at)
    {
        foreach (var (prefix, fewest) in Prefixes)
        {
            if (text.AsSpan(at).StartsWith(prefix, StringComparison.Ordinal))
            {
                var end = KeyEnd(text, at + prefix.Length);
                if (end - at - prefix.Length >= fewest)
                {
                    return (PiiType.Secret, at, end);
                }
            }
        }

        return null;
    }

    /// <summary><c>password: hunter2</c>, <c>api_key="…"</c>, <c>the token is …</c>.</summary>
    private static (PiiType, int, int)? Assigned(string text, int at)
    {
        var word = WordAt(text, at);
        if (word is null)
        {
            return null;
        }

        var position = at + word.Length;
        while (position < text.Length && text[position] is '"' or '\'')
        {
            position++;
        }

        var rest = text.AsSpan(position);
        var sign = rest.TrimStart(' ');
        var assigned = sign.Length > 0 && sign[0] is ':' or '=';
        if (assigned)
        {
            position += rest.Length - sign.Length + 1;
        }
        else if (rest.StartsWith(" is ", StringComparison.OrdinalIgnoreCase))
        {
            position += 4;
        }
        else
        {
            return null;
        }

        while (position < text.Length && text[position] is ' ' or '"' or '\'' or '`')
        {
            position++;
        }

        var end = position;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '`' or ',' or ';' or '<' or '>' or ')' or '}' or '&'))
        {
            end++;
        }

        while (end > position && text[end - 1] is '.' or '?' or '!')
        {
            end--;
        }

        var value = text.AsSpan(position, end - position);
        return value.Length >= 6 && value.IndexOfAnyExcept('*', 'x') >= 0 && (value.IndexOfAnyInRange('0', '9') >= 0 || (assigned && word is not "token" and not "secret" && value.IndexOfAnyExceptInRange('a', 'z') >= 0))
            ? (PiiType.Secret, position, end) : null;
    }

    /// <summary>Ethereum: 0x and 40 hexadecimal digits; 64 of them are a private key. Bitcoin: bech32.</summary>
    private static (PiiType, int, int)? Wallet(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var digits = rest[2..].IndexOfAnyExcept("0123456789abcdefABCDEF") is >= 0 and var stop ? stop : rest.Length - 2;
            return digits switch { 40 => (PiiType.Wallet, at, at + 42), 64 => (PiiType.Secret, at, at + 66), _ => null };
        }

        if (rest.StartsWith("bc1", StringComparison.OrdinalIgnoreCase))
        {
            var length = rest[3..].IndexOfAnyExcept("qpzry9x8gf2tvdw0s3jn54khce6mua7lQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L") is >= 0 and var stop ? stop : rest.Length - 3;
            return length is >= 36 and <= 71 ? (PiiType.Wallet, at, at + 3 + length) : null;
        }

        return null;
    }

    private static bool LooksRandom(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('0', '9') >= 0 && text.IndexOfAnyInRange('A', 'z') >= 0;

    private static int KeyEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.' or '/' or '+' or '=' or '~'))
        {
            end++;
        }

        while (end > start && text[end - 1] is '.' or '-')
        {
            end--;
        }

        return end;
    }
}
