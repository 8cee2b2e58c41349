using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>E-mail addresses, web addresses and host names, IP and MAC addresses.</summary>
internal sealed class NetworkRecognizer : IPiiRecognizer
{
    private const int LongestHost = 253;
    private const int LongestLocalPart = 64;
    private static readonly SearchValues<char> Anchors = SearchValues.Create("@:.-");
    private static readonly SearchValues<char> UrlEnds = SearchValues.Create(" \t\r\n\"'<>`{}|\\^");
    private static readonly SearchValues<string> SecretParameters = SearchValues.Create(
        ["token=", "key=", "secret=", "password=", "passwd=", "pwd=", "sig=", "signature=", "auth=", "code=", "session=", "sid=", "credential="], StringComparison.OrdinalIgnoreCase);

    /// <summary>Top-level domains that text names often; the country codes are two letters. A file name ends otherwise.</summary>
    private static readonly FrozenSet<string> TopLevel = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "aero", "coop", "museum", "jobs", "mobi", "travel", "tel", "cat", "asia", "app", "dev", "io", "ai", "co", "me", "tv", "cc", "ws",
        "cloud", "online", "site", "store", "shop", "tech", "blog", "xyz", "club", "live", "news", "agency", "company", "solutions", "email", "group", "global", "digital", "media", "network", "systems", "world", "space", "top", "vip", "work",
        "us", "uk", "de", "fr", "es", "it", "nl", "be", "ch", "at", "se", "no", "dk", "fi", "pl", "cz", "sk", "hu", "ro", "bg", "gr", "pt", "ie", "is", "lt", "lv", "ee", "si", "hr", "rs", "ua", "ru", "tr", "il", "za", "ca", "mx", "br", "ar", "cl", "pe", "au", "nz", "jp", "cn", "kr", "in", "id", "sg", "my", "th", "vn", "ph", "hk", "tw", "ae", "sa", "eg", "ng", "ke", "eu", "lu", "cy", "mt", "li", "mc", "by", "kz", "ge", "am", "az");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> IsTopLevel = TopLevel.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Find(string text, PiiFindings findings)
    {
        var position = 0;
        while (true)
        {
            var next = text.AsSpan(position).IndexOfAny(Anchors);
            if (next < 0)
            {
                return;
            }

            findings.Step();
            var at = position + next;
            position = text[at] switch
            {
                '@' => Email(text, at, findings),
                ':' => Colon(text, at, findings),
                '-' => Dash(text, at, findings),
                _ => Point(text, at, findings),
            };
        }
    }

    private static int Email(string text, int at, PiiFindings findings)
    {
        var start = at;
        while (start > 0 && at - start < LongestLocalPart && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '%' or '+' or '-' or '\''))
        {
            start--;
        }

        while (start < at && text[start] is '.' or '\'' or '-')
        {
            start++;
        }

        var end = HostEnd(text, at + 1);
        if (start == at || end <= at + 3 || !EndsInTopLevel(text.AsSpan(at + 1, end - at - 1), any: true))
        {
            return at + 1;
        }

        findings.Add(PiiType.Email, start, end);
        return end;
    }

    private static int Dash(string text, int at, PiiFindings findings)
    {
        if (at < 2 || at + 15 > text.Length || !IsMac(text.AsSpan(at - 2, 17), '-')
            || (at > 2 && char.IsLetterOrDigit(text[at - 3])) || (at + 15 < text.Length && char.IsLetterOrDigit(text[at + 15])))
        {
            return at + 1;
        }

        findings.Add(PiiType.MacAddress, at - 2, at + 15);
        return at + 15;
    }

    private static int Colon(string text, int at, PiiFindings findings)
    {
        if (text.AsSpan(at).StartsWith("://"))
        {
            return Url(text, at, findings);
        }

        // The longest run of hexadecimal digits and colons around may be an IPv6 or a MAC address.
        var start = at;
        while (start > 0 && (char.IsAsciiHexDigit(text[start - 1]) || text[start - 1] == ':') && at - start < 45)
        {
            start--;
        }

        var end = at + 1;
        while (end < text.Length && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.') && end - start < 46)
        {
            end++;
        }

        while (end > start && text[end - 1] is '.')
        {
            end--;
        }

        var run = text.AsSpan(start, end - start);
        var isolated = (start == 0 || !char.IsLetterOrDigit(text[start - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
        if (isolated && IsMac(run, ':'))
        {
            findings.Add(PiiType.MacAddress, start, end);
            return end;
        }

        if (isolated && run.Count(':') >= 2 && run.Length > 3 && run.IndexOfAnyInRange('0', '9') >= 0 && IPAddress.TryParse(run, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            findings.Add(PiiType.IpAddress, start, end);
            return end;
        }

        return at + 1;
    }

    /// <summary>A web address; with credentials or a secret in its query all of it is secret.</summary>
    private static int Url(string text, int at, PiiFindings findings)
    {
        var start = at;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '-' or '.') && at - start < 20)
        {
            start--;
        }

        var length = text.AsSpan(at).IndexOfAny(UrlEnds);
        var end = length < 0 ? text.Length : at + length;
        while (end > at && text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']')
        {
            end--;
        }

        if (start == at || end < at + 4)
        {
            return at + 3;
        }

        var rest = text.AsSpan(at + 3, end - at - 3);
        var authority = rest.IndexOfAny('/', '?', '#') is >= 0 and var slash ? rest[..slash] : rest;
        var credentials = authority.LastIndexOf('@') is > 0 and var sign && authority[..sign].Contains(':');
        findings.Add(credentials || rest.ContainsAny(SecretParameters) ? PiiType.Secret : PiiType.Url, start, end);
        return end;
    }

    private static int Point(string text, int at, PiiFindings findings)
    {
        if (at == 0 || at + 1 >= text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at + 1]))
        {
            return at + 1;
        }

        var start = at;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '-' or '_') && at - start < 63)
        {
            start--;
        }

        var end = HostEnd(text, start);
        if (end <= at)
        {
            return at + 1;
        }

        if ((start > 0 && text[start - 1] is '@' or '.' or '/') || (end < text.Length && text[end] == '@'))
        {
            return at + 1;
        }

        var host = text.AsSpan(start, end - start);
        if (IsIpV4(host))
        {
            end = start + host.Length;
            findings.Add(PiiType.IpAddress, start, end);
            return end;
        }

        // "end.The" and "Program.cs" are no hosts: capitals begin sentences, and files have other endings.
        if (EndsInTopLevel(host, any: false) && !char.IsAsciiLetterUpper(host[host.LastIndexOf('.') + 1]) && host.IndexOfAnyInRange('a', 'z') >= 0)
        {
            var path = end < text.Length && text[end] == '/' ? text.AsSpan(end).IndexOfAny(UrlEnds) is >= 0 and var stop ? end + stop : text.Length : end;
            while (path > end && text[path - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')')
            {
                path--;
            }

            findings.Add(PiiType.Url, start, path);
            return path;
        }

        return end;
    }

    private static bool IsIpV4(ReadOnlySpan<char> host) =>
        host.Count('.') == 3 && host.IndexOfAnyExcept("0123456789.") < 0 && IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork && !host.StartsWith("0.");

    internal static bool IsMac(ReadOnlySpan<char> text, char separator)
    {
        if (text.Length != 17)
        {
            return false;
        }

        for (var index = 0; index < 17; index++)
        {
            if (index % 3 == 2 ? text[index] != separator : !char.IsAsciiHexDigit(text[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static int HostEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < LongestHost && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.'))
        {
            end++;
        }

        while (end > start && text[end - 1] is '.' or '-')
        {
            end--;
        }

        return end;
    }

    private static bool EndsInTopLevel(ReadOnlySpan<char> host, bool any)
    {
        var point = host.LastIndexOf('.');
        if (point <= 0 || host[point - 1] == '.')
        {
            return false;
        }

        var last = host[(point + 1)..];
        return any
            ? last.Length >= 2 && last.IndexOfAnyInRange('0', '9') < 0
            : IsTopLevel.Contains(last);
    }
}
