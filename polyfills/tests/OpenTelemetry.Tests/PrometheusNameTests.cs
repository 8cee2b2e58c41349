using FsCheck;
using FsCheck.Fluent;
using OpenTelemetry.Exporter.Prometheus.Format;
using System.Globalization;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("requests", "", true, "requests_total")]
    [InlineData("requests_total", "", true, "requests_total")]
    [InlineData("requests", "{request}", true, "requests_total")]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("http.server.request.duration.seconds", "s", false, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", true, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("db_bytes_total", "By", true, "db_bytes_total")]
    [InlineData("throughput", "By/s", false, "throughput_bytes_per_second")]
    [InlineData("rate", "{request}/m", false, "rate_per_minute")]
    [InlineData("share", "1", false, "share")]
    [InlineData("cpu.use", "%", false, "cpu_use_percent")]
    [InlineData("2xx.responses", "", true, "_xx_responses_total")]
    [InlineData("a..b--c", "", false, "a_b_c")]
    [InlineData("näme", "", false, "n_me")]
    [InlineData("job:total:rate", "", false, "job:total:rate")]
    [InlineData("weird", "# RU", false, "weird_RU")]
    public void Text_Instrument_IsNamedAsTheOfficialExporterDoes(string name, string unit, bool counter, string expected)
        => Assert.Equal(expected, PrometheusName.Text(name, PrometheusName.Unit(unit), counter, total: true));

    [Fact]
    public void Text_TotalDisabled_LeavesTheSuffixOff()
        => Assert.Equal("requests", PrometheusName.Text("requests", null, counter: true, total: false));

    [Theory]
    [InlineData("requests", "", true, "requests")]
    [InlineData("requests_total", "", true, "requests")]
    [InlineData("db_bytes_total", "By", true, "db_bytes")]
    [InlineData("duration", "ms", false, "duration_milliseconds")]
    public void Family_OpenMetrics_HasTheUnitButNotTheTotal(string name, string unit, bool counter, string expected)
        => Assert.Equal(expected, PrometheusName.Family(name, PrometheusName.Unit(unit), counter));

    [Theory]
    [InlineData("http.request.method", "http_request_method")]
    [InlineData("", "_")]
    [InlineData("1st", "_1st")]
    [InlineData("a:b", "a_b")]
    [InlineData("a--b", "a_b")]
    [InlineData("already__valid", "already__valid")]
    public void Label_Attribute_BecomesAValidLabel(string name, string expected) => Assert.Equal(expected, PrometheusName.Label(name));

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(5.0, "5.0")]
    [InlineData(0.005, "0.005")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(10.0, "10.0")]
    [InlineData(2.5, "2.5")]
    [InlineData(750.0, "750.0")]
    [InlineData(100000.0, "100000.0")]
    [InlineData(1000000.0, "1e+06")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(1234567.5, "1.2345675e+06")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e100, "1e+100")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Canonical_Bound_IsWrittenAsOpenMetricsWants(double value, string expected) => Assert.Equal(expected, PrometheusNumber.Canonical(value));

    [Fact]
    public void Canonical_AnyNumber_ReadsBackAsItself()
        => Prop.ForAll<NormalFloat>(number => double.Parse(PrometheusNumber.Canonical(number.Get), CultureInfo.InvariantCulture) == number.Get).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_AnyName_IsValid()
        => Prop.ForAll<NonEmptyString, string>((name, unit) =>
        {
            var text = PrometheusName.Text(name.Get, PrometheusName.Unit(unit), counter: true, total: true);
            return text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or ':') && !char.IsAsciiDigit(text[0]);
        }).QuickCheckThrowOnFailure();
}
