using System.Globalization;

namespace Platform.Benchmarks.TelemetryCost;

/// <summary>
/// Answers a second of the whole platform with everything switched on (traces, metrics and logs exported to the dashboard, which runs beside
/// it on the same processors) against the same platform with OpenTelemetry switched off, in turn. Bar: 0.95. Processor time of an answer is read too:
/// other programs on the machine disturb it less, and where the processors are busy one is the other's inverse.
/// </summary>
internal sealed class TelemetryCostBenchmark : IBenchmark
{
    public string Name => "telemetry-cost";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (rounds, seconds) = isShort ? (1, 3) : (7, 12);
        await using var off = await WholePlatform.StartAsync("off", new() { ["PLATFORM_DASHBOARD_PORT"] = "off", ["OTEL_SDK_DISABLED"] = "true" }, cancellationToken);
        await using var on = await WholePlatform.StartAsync("on", new() { ["PLATFORM_DASHBOARD_PORT"] = "0" }, cancellationToken);
        var (rate, processor) = (new Comparison("answers", "/s"), new Comparison("processor", "ms"));
        foreach (var platform in (WholePlatform[])[off, on])
        {
            await platform.LoadAsync(seconds, cancellationToken);
        }

        for (var round = 0; round < rounds; round++)
        {
            // In turn, and each as often first as second.
            var first = await (round % 2 == 0 ? off : on).LoadAsync(seconds, cancellationToken);
            var second = await (round % 2 == 0 ? on : off).LoadAsync(seconds, cancellationToken);
            var (limit, measured) = round % 2 == 0 ? (first, second) : (second, first);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: off {limit.Rate:N1}/s, {limit.Processor:N1} ms an answer; on {measured.Rate:N1}/s, {measured.Processor:N1} ms"));
            rate.Add(limit.Rate, measured.Rate);
            processor.Add(limit.Processor, measured.Processor);
        }

        rate.Print("≥ 0.95", ratio => ratio >= 0.95);
        processor.Print("≤ 1/0.95", ratio => ratio <= 1 / 0.95);
    }
}
