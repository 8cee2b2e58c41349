using OpenTelemetry.Exporter.Prometheus.Scrape;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class ScrapeFormatTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string TextOne = "text/plain; version=1.0.0; charset=utf-8; escaping=underscores";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
    private const string OpenMetricsZero = "application/openmetrics-text; version=0.0.1; charset=utf-8";

    [Theory]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/plain;version=1.0.0", TextOne)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=0.0.1", OpenMetricsZero)]
    [InlineData("application/openmetrics-text; version=2.0.0", Text)]
    [InlineData("application/openmetrics-text; version=1.0.0; q=0.4, text/plain; version=0.0.4; q=0.5", Text)]
    [InlineData("text/plain; version=0.0.4; q=0.5, application/openmetrics-text; version=1.0.0; q=0.5", Text)]
    [InlineData("application/openmetrics-text; version=1.0.0; q=0, text/plain; q=0.1", Text)]
    [InlineData("application/openmetrics-text; version=1.0.0; escaping=nonsense, text/plain; q=0.1", Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics)]
    [InlineData("not a header;;;", Text)]
    public void Negotiate_Accept_GivesTheBestKnownFormat(string accept, string contentType)
        => Assert.Equal(contentType, ScrapeFormat.Negotiate(accept).ContentType);
}
