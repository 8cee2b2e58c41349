using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OpenTelemetry.Exporter.Prometheus.Scrape;

/// <summary>A format that a scraper may ask for.</summary>
internal sealed record ScrapeFormat(bool OpenMetrics, string Version)
{
    public static readonly ScrapeFormat Text = new(false, "0.0.4");

    private static readonly string[] KnownEscapings = ["underscores", "allow-utf-8", "dots", "values"];

    /// <summary>From version 1.0.0 on the header says how names are escaped; here always by underscores.</summary>
    public string ContentType { get; } = string.Concat(
        OpenMetrics ? "application/openmetrics-text" : "text/plain",
        $"; version={Version}; charset=utf-8",
        Version == "1.0.0" ? "; escaping=underscores" : string.Empty);

    /// <summary>The best known format of an <c>Accept</c> header, the first one among equals; text 0.0.4 without any.</summary>
    public static ScrapeFormat Negotiate(StringValues accept)
    {
        var best = Text;
        var bestQuality = 0.0;
        if (!MediaTypeHeaderValue.TryParseList(accept, out var entries))
        {
            return best;
        }

        foreach (var entry in entries)
        {
            if (Offer(entry) is var (format, quality) && quality > bestQuality)
            {
                (best, bestQuality) = (format, quality);
            }
        }

        return best;
    }

    private static (ScrapeFormat Format, double Quality)? Offer(MediaTypeHeaderValue entry)
    {
        var openMetrics = entry.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        if (!openMetrics && !entry.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // The standard begins with 1.0.0, so that is what an OpenMetrics scraper without a version means.
        var version = openMetrics ? "1.0.0" : "0.0.4";
        var quality = 1.0;
        foreach (var parameter in entry.Parameters)
        {
            var value = HeaderUtilities.RemoveQuotes(parameter.Value).Value ?? string.Empty;
            switch (parameter.Name.Value?.ToLowerInvariant())
            {
                case "q" when !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality) || quality is <= 0 or > 1:
                    return null;
                case "version" when openMetrics ? value is "1.0.0" or "0.0.1" : value is "1.0.0" or "0.0.4":
                    version = value;
                    break;
                case "version":
                    return null;
                case "escaping" when !KnownEscapings.Contains(value):
                    return null;
            }
        }

        return (new ScrapeFormat(openMetrics, version), quality);
    }
}
