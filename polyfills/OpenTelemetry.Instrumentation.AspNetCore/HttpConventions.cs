using System.Text;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Values as the OpenTelemetry conventions for HTTP spans want them.</summary>
internal static class HttpConventions
{
    public const string OtherMethod = "_OTHER";

    /// <summary>The method if it is a known one, in upper case; otherwise <c>_OTHER</c>.</summary>
    public static string Method(string method) => Known(method) ?? Known(method.ToUpperInvariant()) ?? OtherMethod;

    private static string? Known(string method) => method switch
    {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "CONNECT" => "CONNECT",
        _ => null,
    };

    /// <summary><c>HTTP/1.1</c> → <c>1.1</c>, <c>HTTP/2</c> → <c>2</c>.</summary>
    public static string ProtocolVersion(string protocol) => protocol switch
    {
        "HTTP/2.0" => "2",
        "HTTP/3.0" => "3",
        _ when protocol.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) => protocol[5..],
        _ => protocol,
    };

    /// <summary>Keeps the names of a query string and replaces the values, which may hold personal data or keys.</summary>
    public static string Redact(string query)
    {
        var redacted = new StringBuilder(query.Length);
        for (var index = 0; index < query.Length; index++)
        {
            redacted.Append(query[index]);
            if (query[index] != '=')
            {
                continue;
            }

            var end = query.IndexOf('&', index);
            if (end != index + 1 && index + 1 < query.Length)
            {
                redacted.Append("Redacted");
            }

            if (end < 0)
            {
                break;
            }

            index = end - 1;
        }

        return redacted.ToString();
    }
}
