using System.Globalization;

namespace Platform.Benchmarks.TelemetryCost;

/// <summary>
/// Answers a second of the whole platform with everything switched on (traces, metrics and logs exported to the dashboard, which runs beside
/// it on the same processors) against the same platform with OpenTelemetry switched off. Bar: 0.95. Processor time of an answer is read too:
/// other programs on the machine disturb it less, and where the processors are busy one is the other's inverse.
/// </summary>
internal sealed class TelemetryCostBenchmark : IBenchmark
{
    private static readonly Dictionary<string, string> Off = new() { ["PLATFORM_DASHBOARD_PORT"] = "off", ["OTEL_SDK_DISABLED"] = "true" };
    private static readonly Dictionary<string, string> On = new() { ["PLATFORM_DASHBOARD_PORT"] = "0" };

    // What a minute changes on the machine meets both platforms alike: they take turns every few seconds, and each is as often first as second.
    private static readonly bool[] Turns = [false, true, true, false];

    public string Name => "telemetry-cost";

    /// <summary>
    /// Two platforms that are the same differ by 5 % as long as they run, by where their code and data came to lie: more rounds of one pair read that
    /// difference better, and not telemetry's cost. Several pairs are started, one after the other, and each is as often started first as second.
    /// </summary>
    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (pairs, load) = isShort ? (1, new Load(Rounds: 1, Seconds: 2, WarmUps: 1)) : (3, new Load(Rounds: 5, Seconds: 4, WarmUps: 11));
        var (rate, processor) = (new Comparison("answers", "/s"), new Comparison("processor", "ms"));
        for (var pair = 1; pair <= pairs; pair++)
        {
            foreach (var (limit, measured) in await ReadPairAsync(isOnFirst: pair % 2 == 0, load, cancellationToken))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"pair {pair}: off {limit.Rate:N1}/s, {limit.Processor:N2} ms an answer; on {measured.Rate:N1}/s, {measured.Processor:N2} ms; ratios {measured.Rate / limit.Rate:N3} and {measured.Processor / limit.Processor:N3}"));
                rate.Add(limit.Rate, measured.Rate);
                processor.Add(limit.Processor, measured.Processor);
            }
        }

        rate.Print("≥ 0.95", ratio => ratio >= 0.95);
        processor.Print("≤ 1/0.95", ratio => ratio <= 1 / 0.95);
    }

    private static async Task<List<(Readings Off, Readings On)>> ReadPairAsync(bool isOnFirst, Load load, CancellationToken cancellationToken)
    {
        await using var first = await StartAsync(isOnFirst, cancellationToken);
        await using var second = await StartAsync(!isOnFirst, cancellationToken);
        var (off, on) = isOnFirst ? (second, first) : (first, second);
        for (var warmUp = 0; warmUp < load.WarmUps; warmUp++)
        {
            foreach (var platform in (WholePlatform[])[off, on])
            {
                await platform.LoadAsync(2 * load.Seconds, cancellationToken);
            }
        }

        var rounds = new List<(Readings Off, Readings On)>();
        for (var round = 0; round < load.Rounds; round++)
        {
            var (limit, measured) = (new Readings(), new Readings());
            foreach (var isOn in Turns)
            {
                (isOn ? measured : limit).Add(await (isOn ? on : off).LoadAsync(load.Seconds, cancellationToken));
            }

            rounds.Add((limit, measured));
        }

        return rounds;
    }

    private static Task<WholePlatform> StartAsync(bool isOn, CancellationToken cancellationToken) =>
        WholePlatform.StartAsync(isOn ? "on" : "off", isOn ? On : Off, cancellationToken);

    /// <param name="WarmUps">
    /// Loads before the rounds, each twice as long: code is still compiled for more than a minute of load, and there is more of it with telemetry.
    /// </param>
    private sealed record Load(int Rounds, int Seconds, int WarmUps);

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
