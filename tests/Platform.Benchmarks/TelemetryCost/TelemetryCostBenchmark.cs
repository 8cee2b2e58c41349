using System.Globalization;

namespace Platform.Benchmarks.TelemetryCost;

/// <summary>
/// Answers a second of the whole platform with everything switched on (traces, metrics and logs exported to the dashboard, which runs beside
/// it on the same processors) against the same platform with OpenTelemetry switched off. Bar: 0.95. Processor time of an answer is read too:
/// other programs on the machine disturb it less, and where the processors are busy one is the other's inverse. Least disturbed it is where both
/// platforms are asked at the same moment: whatever slows one slows the other.
/// </summary>
internal sealed class TelemetryCostBenchmark : IBenchmark
{
    public string Name => "telemetry-cost";

    // What a minute changes on the machine meets both platforms alike: they take turns every few seconds, and each is as often first as second.
    private static readonly bool[] Turns = [false, true, true, false];

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (rounds, seconds, warmUps) = isShort ? (1, 2, 1) : (5, 3, 4);
        await using var off = await WholePlatform.StartAsync("off", new() { ["PLATFORM_DASHBOARD_PORT"] = "off", ["OTEL_SDK_DISABLED"] = "true" }, cancellationToken);
        await using var on = await WholePlatform.StartAsync("on", new() { ["PLATFORM_DASHBOARD_PORT"] = "0" }, cancellationToken);
        var (rate, processor) = (new Comparison("answers", "/s"), new Comparison("processor", "ms"));
        for (var warmUp = 0; warmUp < warmUps; warmUp++)
        {
            foreach (var platform in (WholePlatform[])[off, on])
            {
                await platform.LoadAsync(2 * seconds, cancellationToken);
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            var (limit, measured) = (new Readings(), new Readings());
            foreach (var isOn in Turns)
            {
                (isOn ? measured : limit).Add(await (isOn ? on : off).LoadAsync(seconds, cancellationToken));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round + 1}: off {limit.Rate:N1}/s, {limit.Processor:N2} ms an answer; on {measured.Rate:N1}/s, {measured.Processor:N2} ms; ratios {measured.Rate / limit.Rate:N3} and {measured.Processor / limit.Processor:N3}"));
            rate.Add(limit.Rate, measured.Rate);
            processor.Add(limit.Processor, measured.Processor);
        }

        var together = new Comparison("together", "ms");
        for (var round = 0; round < 2 * rounds; round++)
        {
            var loads = await Task.WhenAll(off.LoadAsync(seconds, cancellationToken), on.LoadAsync(seconds, cancellationToken));
            var (limit, measured) = (loads[0].Processor, loads[1].Processor);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"together {round + 1}: off {limit:N2} ms an answer; on {measured:N2} ms; ratio {measured / limit:N3}"));
            together.Add(limit, measured);
        }

        rate.Print("≥ 0.95", ratio => ratio >= 0.95);
        processor.Print("≤ 1/0.95", ratio => ratio <= 1 / 0.95);
        together.Print("≤ 1/0.95", ratio => ratio <= 1 / 0.95);
    }

    /// <summary>Loads of one platform in one round, all of the same length.</summary>
    private sealed class Readings
    {
        private readonly List<(double Rate, double Processor)> _loads = [];

        public double Rate => _loads.Average(load => load.Rate);

        /// <summary>All processor time by all answers.</summary>
        public double Processor => _loads.Sum(load => load.Rate * load.Processor) / _loads.Sum(load => load.Rate);

        public void Add((double Rate, double Processor) load) => _loads.Add(load);
    }
}
