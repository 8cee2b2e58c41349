using System.Globalization;

namespace Platform.Benchmarks.TelemetryCost;

/// <summary>
/// Answers a second of the whole platform with everything switched on (traces, metrics and logs exported to the dashboard, which runs beside
/// it on the same processors) against the same platform with OpenTelemetry switched off, in turn. Bar: 0.95.
/// </summary>
internal sealed class TelemetryCostBenchmark : IBenchmark
{
    public string Name => "telemetry-cost";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (rounds, seconds) = isShort ? (1, 3) : (7, 12);
        await using var off = await WholePlatform.StartAsync("off", new() { ["PLATFORM_DASHBOARD_PORT"] = "off", ["OTEL_SDK_DISABLED"] = "true" }, cancellationToken);
        await using var on = await WholePlatform.StartAsync("on", new() { ["PLATFORM_DASHBOARD_PORT"] = "0" }, cancellationToken);
        var comparison = new Comparison("telemetry", "/s");
        foreach (var platform in (WholePlatform[])[off, on])
        {
            await platform.AnswersPerSecondAsync(seconds, cancellationToken);
        }

        for (var round = 0; round < rounds; round++)
        {
            var limit = await off.AnswersPerSecondAsync(seconds, cancellationToken);
            var measured = await on.AnswersPerSecondAsync(seconds, cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: off {limit:N1}/s, on {measured:N1}/s"));
            comparison.Add(limit, measured);
        }

        comparison.Print("≥ 0.95", ratio => ratio >= 0.95);
    }
}
