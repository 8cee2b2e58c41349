using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Dashboard;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;

namespace Platform.Benchmarks.DashboardLoad;

/// <summary>
/// 100,000 spans and 1,000,000 log lines sent over OTLP to the dashboard of the default mode, twice: how fast they are taken, how much
/// memory is held after each time, and how long pages take meanwhile and afterwards. Bars: bounded, and below 1 s.
/// </summary>
internal sealed class DashboardLoadBenchmark : IBenchmark
{
    private const int SpansAtOnce = 500;
    private const int LogsAtOnce = 1000;
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(1);

    private static readonly string[] Pages =
        ["", "api/resources", "api/traces?limit=200", "api/traces?errors=true&limit=200", "api/traces?text=customer-77", "api/logs?limit=200", "api/logs?severity=17", "api/logs?text=nothing-like-it", "api/metrics"];

    public string Name => "dashboard-load";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (spans, logs) = isShort ? (10_000, 20_000) : (100_000, 1_000_000);
        // Full after the first load: what the second one adds has to be paid for by what goes.
        var limits = new TelemetryLimits { MaxSpanCount = spans, MaxLogCount = logs / 10 };
        await using var dashboard = await DashboardApplication.StartAsync(new DashboardSettings(limits), new NoResources(), TimeProvider.System, cancellationToken);
        using var exporter = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{dashboard.OtlpHttpPort}/") };
        exporter.DefaultRequestHeaders.Add("x-otlp-api-key", dashboard.OtlpApiKey);
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri($"http://localhost:{dashboard.PagePort}/") };
        (await browser.GetAsync(dashboard.LoginUrl, cancellationToken)).EnsureSuccessStatusCode();

        var held = new List<double> { Held() };
        var slowest = TimeSpan.Zero;
        for (var time = 1; time <= 2; time++)
        {
            var began = Stopwatch.GetTimestamp();
            var sending = SendAsync(exporter, spans, logs, time, cancellationToken);
            while (!sending.IsCompleted)
            {
                slowest = Longer(slowest, await OpenAsync(browser, cancellationToken));
            }

            await sending;
            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            held.Add(Held());
            Line($"load {time}: {spans:N0} spans and {logs:N0} lines in {took:0.0} s ({(spans + logs) / took:N0}/s); {dashboard.Store.Traces.SpanCount:N0} spans kept; {held[^1] - held[0]:0} MiB held");
        }

        var first = await OpenAsync(browser, cancellationToken, print: true);
        var bounded = held[2] - held[1] < (0.1 * (held[1] - held[0])) + 8;
        Line($"slowest page while it is loaded, first ever included, {slowest.TotalMilliseconds:0} ms");
        Line($"slowest page over the load {first.TotalMilliseconds:0} ms (bar < 1,000 ms): {(first < Bar ? "met" : "NOT met")}");
        Line($"memory after the second load {held[2] - held[1]:+0;-0} MiB (bar: no growth): {(bounded ? "met" : "NOT met")}");
    }

    private static async Task SendAsync(HttpClient exporter, int spans, int logs, int time, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < spans; sent += SpansAtOnce)
        {
            await PostAsync(exporter, "v1/traces", Telemetry.Spans(time * 1_000_000L + sent, SpansAtOnce), cancellationToken);
        }

        for (var sent = 0; sent < logs; sent += LogsAtOnce)
        {
            await PostAsync(exporter, "v1/logs", Telemetry.Logs(time * 10_000_000L + sent, LogsAtOnce), cancellationToken);
        }
    }

    private static async Task PostAsync(HttpClient exporter, string path, IMessage message, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(message.ToByteArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var response = await exporter.PostAsync(path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<TimeSpan> OpenAsync(HttpClient browser, CancellationToken cancellationToken, bool print = false)
    {
        var slowest = TimeSpan.Zero;
        foreach (var page in Pages)
        {
            var began = Stopwatch.GetTimestamp();
            var body = await browser.GetByteArrayAsync(page, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            slowest = Longer(slowest, took);
            if (print)
            {
                Line($"  /{page,-45} {took.TotalMilliseconds,7:0.0} ms {body.Length / 1024.0,8:0.0} KiB");
            }
        }

        return slowest;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static double Held() => GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024);

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
