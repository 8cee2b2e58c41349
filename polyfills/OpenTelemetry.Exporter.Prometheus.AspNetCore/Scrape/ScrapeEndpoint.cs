using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus.Scrape;

/// <summary>Answers scrapes: 200 with the metrics, 500 when they cannot be collected, 408 past the scraper's own time limit.</summary>
internal sealed class ScrapeEndpoint
{
    private readonly PrometheusExporter? _exporter;

    public ScrapeEndpoint(MeterProvider provider)
    {
        _exporter = PrometheusExporter.Of(provider);
        if (_exporter is null && Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") is not "true")
        {
            throw new ArgumentException($"The provider has no Prometheus exporter: call {nameof(PrometheusExporterMeterProviderBuilderExtensions.AddPrometheusExporter)} in WithMetrics.", nameof(provider));
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        if (_exporter is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (TimeLimit(context.Request.Headers["X-Prometheus-Scrape-Timeout-Seconds"]) is { } timeLimit)
        {
            limit.CancelAfter(timeLimit);
        }

        try
        {
            var format = ScrapeFormat.Negotiate(context.Request.Headers.Accept);
            if (await _exporter.ScrapeAsync(format, limit.Token).ConfigureAwait(false) is not { } scraped)
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            }

            limit.Token.ThrowIfCancellationRequested();
            await WriteAsync(context, format, scraped, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
        }
    }

    private static async Task WriteAsync(HttpContext context, ScrapeFormat format, ScrapeResponse scraped, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.LastModified = scraped.GeneratedAt.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (!AcceptsGzip(context.Request))
        {
            response.ContentLength = scraped.Body.Length;
            await response.Body.WriteAsync(scraped.Body, cancellationToken).ConfigureAwait(false);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(scraped.Body, cancellationToken).ConfigureAwait(false);
    }

    private static bool AcceptsGzip(HttpRequest request)
        => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
        && encodings.Any(static encoding => encoding.Quality is not 0 && encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));

    private static TimeSpan? TimeLimit(string? header)
        => double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.001 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
