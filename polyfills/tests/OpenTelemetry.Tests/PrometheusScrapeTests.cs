using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class PrometheusScrapeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_Text_IsExactlyTheExpectedExposition()
    {
        using var meter = new Meter(new MeterOptions("shop") { Version = "1.2", Tags = [new("part", "front"), new("name", "ignored")], TelemetrySchemaUrl = "https://example.com/1" });
        await using var app = await StartAsync(meter);
        meter.CreateCounter<long>("orders", "{order}", "Orders with \"quotes\", a \\ and\na new line.").Add(3, new("customer.name", "a\"b\\c\nd"), new("rush", true));
        var stock = meter.CreateUpDownCounter<int>("stock.level");
        stock.Add(5);
        stock.Add(-7);
        var latency = meter.CreateHistogram<double>("latency", "s", "Latency.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 1, 2.5] });
        latency.Record(0.25);
        latency.Record(0.5);
        latency.Record(100);
        meter.CreateObservableGauge("temperature", () => double.NaN, "Cel");

        var (response, body) = await GetAsync(app);

        const string Scope = "otel_scope_name=\"shop\",otel_scope_version=\"1.2\",otel_scope_schema_url=\"https://example.com/1\",otel_scope_part=\"front\"";
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $$"""
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{service_name="test",service_instance_id="one"} 1
            # TYPE orders_total counter
            # HELP orders_total Orders with "quotes", a \\ and\na new line.
            orders_total{{{Scope}},customer_name="a\"b\\c\nd",rush="true"} 3
            # TYPE stock_level gauge
            stock_level{{{Scope}}} -2
            # TYPE latency_seconds histogram
            # HELP latency_seconds Latency.
            latency_seconds_bucket{{{Scope}},le="0.005"} 0
            latency_seconds_bucket{{{Scope}},le="1"} 2
            latency_seconds_bucket{{{Scope}},le="2.5"} 2
            latency_seconds_bucket{{{Scope}},le="+Inf"} 3
            latency_seconds_sum{{{Scope}}} 100.75
            latency_seconds_count{{{Scope}}} 3
            # TYPE temperature_celsius gauge
            temperature_celsius{{{Scope}}} NaN

            """,
            body);
    }

    [Fact]
    public async Task Scrape_OpenMetrics_HasFamiliesUnitsCreatedAndEnd()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, options => options.ScopeInfoEnabled = false);
        meter.CreateCounter<long>("sent", "By", "Sent \"bytes\".").Add(3);
        meter.CreateHistogram<double>("latency", "s", null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 1_000_000] }).Record(0.25);
        meter.CreateHistogram<double>("change", null, null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [-1, 1] }).Record(0.25);

        var (response, body) = await GetAsync(app, "application/openmetrics-text; version=1.0.0");

        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores", response.Content.Headers.ContentType?.ToString());
        var lines = body.Split('\n').Select(line => line.Contains("_created", StringComparison.Ordinal) ? line[..line.IndexOf(' ', StringComparison.Ordinal)] : line);
        Assert.Equal(
            [
                "# TYPE target info",
                "# HELP target Target metadata",
                "target_info{service_name=\"test\",service_instance_id=\"one\"} 1",
                "# TYPE sent_bytes counter",
                "# UNIT sent_bytes bytes",
                "# HELP sent_bytes Sent \\\"bytes\\\".",
                "sent_bytes_total 3",
                "sent_bytes_created",
                "# TYPE latency_seconds histogram",
                "# UNIT latency_seconds seconds",
                "latency_seconds_bucket{le=\"1.0\"} 1",
                "latency_seconds_bucket{le=\"1e+06\"} 1",
                "latency_seconds_bucket{le=\"+Inf\"} 1",
                "latency_seconds_sum 0.25",
                "latency_seconds_count 1",
                "latency_seconds_created",
                "# TYPE change histogram",
                "change_bucket{le=\"-1.0\"} 0",
                "change_bucket{le=\"1.0\"} 1",
                "change_bucket{le=\"+Inf\"} 1",
                "change_created",
                "# EOF",
                string.Empty,
            ],
            lines);
    }

    [Fact]
    public async Task Scrape_OpenMetricsWithTraces_HasExemplars()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, options => options.ScopeInfoEnabled = false, metrics => metrics.SetExemplarFilter(ExemplarFilterType.TraceBased));
        using var activity = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        meter.CreateCounter<long>("orders").Add(2);
        meter.CreateHistogram<double>("latency", null, null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] }).Record(1.5);
        activity.Stop();

        var (_, body) = await GetAsync(app, "application/openmetrics-text");

        var exemplar = $" # {{trace_id=\"{activity.TraceId}\",span_id=\"{activity.SpanId}\"}} ";
        Assert.Contains("orders_total 2" + exemplar + "2 ", body, StringComparison.Ordinal);
        Assert.Contains("latency_bucket{le=\"2.0\"} 1" + exemplar + "1.5 ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("le=\"1.0\"} 0 #", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_SameNameOfTwoMeters_StandsTogetherWithOneType()
    {
        using var first = new Meter("first");
        using var between = new Meter("between");
        using var second = new Meter("second");
        await using var app = await StartAsync(first, null, metrics => metrics.AddMeter("between", "second"));
        first.CreateCounter<long>("requests").Add(1);
        between.CreateCounter<long>("others").Add(1);
        second.CreateCounter<long>("requests").Add(2);
        second.CreateUpDownCounter<long>("requests.total").Add(7);

        var (_, body) = await GetAsync(app);

        var exposition = ExpositionParser.Parse(body);
        Assert.Equal(1, exposition.Value("requests_total", ("otel_scope_name", "first")));
        Assert.Equal(2, exposition.Value("requests_total", ("otel_scope_name", "second")));
        var positions = exposition.Samples.Select((sample, index) => (sample, index)).Where(entry => entry.sample.Name == "requests_total").Select(entry => entry.index).ToList();
        Assert.Equal(1, positions[1] - positions[0]);
    }

    [Fact]
    public async Task Scrape_AttributesThatBecomeEqual_AreMerged()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter);
        meter.CreateCounter<long>("orders").Add(1, new("a.b", "dot"), new("a-b", "dash"));

        var (_, body) = await GetAsync(app);

        Assert.Equal(1, ExpositionParser.Parse(body).Value("orders_total", ("a_b", "dash;dot")));
    }

    [Fact]
    public async Task Scrape_Options_RemoveTargetScopeAndTotalAndAddConstants()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, options =>
        {
            options.TargetInfoEnabled = false;
            options.ScopeInfoEnabled = false;
            options.DisableTotalNameSuffixForCounters = true;
            options.ResourceConstantLabels = name => name == "service.name";
        });
        meter.CreateCounter<long>("orders").Add(1);

        var (_, body) = await GetAsync(app);

        Assert.Equal("# TYPE orders counter\norders{service_name=\"test\"} 1\n", body);
    }

    [Fact]
    public async Task Scrape_WithinTheCacheDuration_AnswersTheSame()
    {
        using var meter = new Meter("shop");
        var time = new ManualTime();
        await using var app = await StartAsync(meter, services: services => services.AddSingleton<TimeProvider>(time));
        var orders = meter.CreateCounter<long>("orders");
        orders.Add(1);
        var (_, first) = await GetAsync(app);
        orders.Add(1);
        time.Advance(TimeSpan.FromMilliseconds(299));
        var (_, second) = await GetAsync(app);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var (_, third) = await GetAsync(app);

        Assert.Equal(first, second);
        Assert.Equal(2, ExpositionParser.Parse(third).Value("orders_total"));
    }

    [Fact]
    public async Task Scrape_FormatsWithinTheCacheDuration_AreNotMixedUp()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, services: services => services.AddSingleton<TimeProvider>(new ManualTime()));
        meter.CreateCounter<long>("orders").Add(1);

        var (_, text) = await GetAsync(app);
        var (_, openMetrics) = await GetAsync(app, "application/openmetrics-text");

        Assert.DoesNotContain("# EOF", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", openMetrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_Concurrently_AllAnswersAreComplete()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, options => options.ScrapeResponseCacheDurationMilliseconds = 0);
        meter.CreateCounter<long>("orders").Add(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => GetAsync(app)));

        Assert.All(answers, answer => Assert.Equal(1, ExpositionParser.Parse(answer.Body).Value("orders_total")));
    }

    [Fact]
    public async Task Scrape_Gzip_IsCompressed()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter);
        meter.CreateCounter<long>("orders").Add(1);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Urls.First() + "/metrics"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(Cancellation), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(1, ExpositionParser.Parse(await reader.ReadToEndAsync(Cancellation)).Value("orders_total"));
    }

    [Fact]
    public async Task Scrape_SlowCollection_EndsAtTheScrapersOwnLimit()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter);
        using var inside = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        meter.CreateObservableGauge("slow", () =>
        {
            inside.Release();
            return release.Wait(TimeSpan.FromSeconds(20)) ? 1 : 0;
        });
        var first = GetAsync(app);
        Assert.True(await inside.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Urls.First() + "/metrics"));
        request.Headers.Add("X-Prometheus-Scrape-Timeout-Seconds", "0.05");
        using var response = await client.SendAsync(request, Cancellation);
        release.Release();
        await first;

        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
    }

    [Fact]
    public async Task UseOpenTelemetryPrometheusScrapingEndpoint_Path_AnswersThereOnly()
    {
        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, map: app => app.UseOpenTelemetryPrometheusScrapingEndpoint("/internal/metrics"));
        meter.CreateCounter<long>("orders").Add(1);
        using var client = new HttpClient();

        using var there = await client.GetAsync(new Uri(app.Urls.First() + "/internal/metrics"), Cancellation);
        using var elsewhere = await client.GetAsync(new Uri(app.Urls.First() + "/metrics"), Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (there.StatusCode, elsewhere.StatusCode));
    }

    [Fact]
    public void MapPrometheusScrapingEndpoint_NoExporter_IsRefused()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddOpenTelemetry().WithMetrics();
        var app = builder.Build();

        var error = Assert.Throws<ArgumentException>(() => app.MapPrometheusScrapingEndpoint());

        Assert.Contains("AddPrometheusExporter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WholeService_IsAcceptedByPromtool()
    {
        if (Tool("promtool") is not { } promtool)
        {
            Assert.Skip("promtool is absent (Debian package prometheus).");
            return;
        }

        using var meter = new Meter("shop");
        await using var app = await StartAsync(meter, null, metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation());
        meter.CreateCounter<long>("orders", "{order}", "Orders.").Add(3, new("text", "a\"b\\c\nd ü"), new("number", 1.5));
        meter.CreateHistogram<double>("latency", "s", "Latency.").Record(0.25);
        await GetAsync(app);
        var (_, body) = await GetAsync(app);

        ExpositionParser.Parse(body);
        using var process = Process.Start(new ProcessStartInfo(promtool, "check metrics") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteAsync(body);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        // 3 means that a name could be nicer, which is the instrument's affair; 1 means that the text cannot be read.
        Assert.True(process.ExitCode is 0 or 3, $"promtool ended with {process.ExitCode}: {errors}");
        Assert.DoesNotContain("orders_total", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("latency_seconds", errors, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", body, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", body, StringComparison.Ordinal);
        Assert.Contains("http_server_active_requests", body, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(
        Meter meter,
        Action<PrometheusAspNetCoreOptions>? configure = null,
        Action<MeterProviderBuilder>? metrics = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        services?.Invoke(builder.Services);
        builder.Services.AddOpenTelemetry()
            .WithMetrics(provider =>
            {
                provider
                    .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "test"), new("service.instance.id", "one")]))
                    .AddMeter(meter.Name)
                    .AddPrometheusExporter(options => configure?.Invoke(options));
                metrics?.Invoke(provider);
            });
        var app = builder.Build();
        if (map is null)
        {
            app.MapPrometheusScrapingEndpoint();
        }
        else
        {
            map(app);
        }

        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<(HttpResponseMessage Response, string Body)> GetAsync(WebApplication app, string? accept = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Urls.First() + "/metrics"));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (response, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static string? Tool(string name) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    private sealed class ManualTime : TimeProvider
    {
        private TimeSpan _elapsed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _elapsed.Ticks;

        public void Advance(TimeSpan by) => _elapsed += by;
    }
}
