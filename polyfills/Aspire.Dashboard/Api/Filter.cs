using System.Globalization;

namespace Aspire.Dashboard.Api;

/// <summary>Reads filters of a query: an empty one is none.</summary>
internal static class Filter
{
    public static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A span id, 16 hexadecimal digits.</summary>
    public static string Id(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);
}
