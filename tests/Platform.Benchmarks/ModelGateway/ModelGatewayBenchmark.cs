using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>
/// P6 to P8: what the model gateway adds to a model, with failover, breakers, usage, redaction, limits and logs on, against npm's Portkey and a
/// proxy that does nothing but read and write JSON. All of them are processes of their own over one simulated provider.
/// </summary>
internal sealed class ModelGatewayBenchmark : IBenchmark
{
    private const int Clients = 16;
    private const int Streams = 256;
    private const int Tokens = 50;

    private static readonly string Expected = string.Concat(Enumerable.Range(1, Tokens).Select(number => string.Create(CultureInfo.InvariantCulture, $"{(number == 1 ? "" : " ")}word{number}")));

    public string Name => "model-gateway";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await using var under = await GatewayUnderTest.StartAsync(cancellationToken);
        var (direct, gateway) = (under.Simulator, under.Gateway);
        using var proxy = await StartProxyAsync(direct.Process.Address, cancellationToken);
        using var portkey = isShort ? null : await StartPortkeyAsync(direct.Process.Address, cancellationToken);
        Subject[] all = portkey is null ? [direct, proxy, gateway] : [direct, proxy, gateway, portkey];
        var time = TimeSpan.FromSeconds(isShort ? 0.5 : 2);
        foreach (var subject in all)
        {
            await MeasureAsync(subject, Clients, isShort ? time : time * 4, cancellationToken);
            await MeasureAsync(subject, 1, time, cancellationToken);
        }

        await CompareAsync(direct, proxy, gateway, portkey, isShort ? 2 : 7, time, cancellationToken);
        // The begin of a stream has to pass the just-in-time compiler as often as the begin of a whole answer did; many that begin in one moment count once.
        foreach (var subject in (Subject[])[direct, gateway])
        {
            await WarmStreamsAsync(subject, isShort ? time : time * 4, cancellationToken);
        }

        await ManyStreamsAsync(gateway, isShort ? 32 : Streams, cancellationToken);
        await CompareStreamsAsync(direct, gateway, isShort ? 1 : 5, cancellationToken);
        await CompareFirstTokensAsync(direct, gateway, 1, isShort ? 2 : 7, cancellationToken);
        await CompareFirstTokensAsync(direct, gateway, 4, isShort ? 2 : 7, cancellationToken);
    }

    private static Task WarmStreamsAsync(Subject subject, TimeSpan time, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var body = Body(GatewayUnderTest.QuickModel, stream: true);
        return Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (Stopwatch.GetElapsedTime(began) < time)
                {
                    await subject.StreamAsync(body, cancellationToken);
                }
            },
            cancellationToken)));
    }

    /// <summary>P8's first token: streams one after the other, as P6 has its calls; and some that begin in one moment, which also wait for each other's processors.</summary>
    private static async Task CompareFirstTokensAsync(Subject direct, Subject gateway, int atOnce, int rounds, CancellationToken cancellationToken)
    {
        const int streams = 20;
        var body = Body(GatewayUnderTest.BriefModel, stream: true);
        var (alone, added) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var straight = await FirstAsync(direct);
            alone.Add(straight);
            added.Add(await FirstAsync(gateway) - straight);
        }

        var (median, verdict) = (Comparison.Median([.. added]), atOnce > 1 ? "no bar" : Comparison.Median([.. added]) <= 1 ? "met" : "NOT met");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"P8 first   {atOnce} at once, direct {Comparison.Median([.. alone]):N2} ms, added {median:N2} ms ({added.Min():N2} to {added.Max():N2}) (bar <= 1.00): {verdict}"));

        async Task<double> FirstAsync(Subject subject)
        {
            var first = new List<double>();
            while (first.Count < streams)
            {
                var ended = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => subject.StreamAsync(body, cancellationToken)));
                first.AddRange(ended.Select(stream => stream.Milliseconds[0]));
            }

            return Comparison.Median([.. first]);
        }
    }

    private static async Task CompareAsync(Subject direct, Subject proxy, Subject gateway, Subject? portkey, int rounds, TimeSpan time, CancellationToken cancellationToken)
    {
        var overProxy = new Comparison("P6 proxy", "us");
        var overPortkey = new Comparison("P6 Portkey", "us");
        var rateProxy = new Comparison("P7 proxy", "/s");
        var ratePortkey = new Comparison("P7 Portkey", "/s");
        var workProxy = new Comparison("P7 CPU", "us");
        for (var round = 0; round < rounds; round++)
        {
            var alone = await MeasureAsync(direct, 1, time, cancellationToken);
            var proxied = await MeasureAsync(proxy, 1, time, cancellationToken);
            var ours = await MeasureAsync(gateway, 1, time, cancellationToken);
            overProxy.Add(proxied.P50 - alone.P50, ours.P50 - alone.P50);
            var proxiedFull = await MeasureAsync(proxy, Clients, time, cancellationToken);
            var oursFull = await MeasureAsync(gateway, Clients, time, cancellationToken);
            rateProxy.Add(proxiedFull.Rate, oursFull.Rate);
            workProxy.Add(proxiedFull.Cpu, oursFull.Cpu);
            if (portkey is not null)
            {
                overPortkey.Add((await MeasureAsync(portkey, 1, time, cancellationToken)).P50 - alone.P50, ours.P50 - alone.P50);
                ratePortkey.Add((await MeasureAsync(portkey, Clients, time, cancellationToken)).Rate, oursFull.Rate);
            }
        }

        overProxy.Print("<= 2.50", ratio => ratio <= 2.5);
        rateProxy.Print(">= 0.45", ratio => ratio >= 0.45);
        workProxy.Print("none", _ => true);
        if (portkey is not null)
        {
            overPortkey.Print("<= 0.15", ratio => ratio <= 0.15);
            ratePortkey.Print(">= 10.0", ratio => ratio >= 10);
        }
    }

    private static async Task CompareStreamsAsync(Subject direct, Subject gateway, int rounds, CancellationToken cancellationToken)
    {
        const int atOnce = 4;
        var (each, work) = (new List<double>(), new List<double>());
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => gateway.StreamAsync(Body(stream: true), cancellationToken)));
        for (var round = 0; round < rounds; round++)
        {
            var alone = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => direct.StreamAsync(Body(stream: true), cancellationToken)));
            var before = gateway.Process.ProcessorMicroseconds();
            var through = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => gateway.StreamAsync(Body(stream: true), cancellationToken)));
            work.Add((gateway.Process.ProcessorMicroseconds() - before) / (atOnce * Tokens));
            each.Add(1000 * (Median(through, Interval) - Median(alone, Interval)));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"P8 token   added {Comparison.Median([.. each]):N1} us (bar <= 50): {(Comparison.Median([.. each]) <= 50 ? "met" : "NOT met")}; processor time of the gateway {Comparison.Median([.. work]):N0} us"));

        static double Interval(StreamTimes stream) => (stream.Milliseconds[^1] - stream.Milliseconds[0]) / (stream.Milliseconds.Count - 1);
    }

    private static async Task ManyStreamsAsync(Subject gateway, int count, CancellationToken cancellationToken)
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => gateway.StreamAsync(Body(stream: true), cancellationToken)));
        var whole = streams.Count(stream => stream is { Ended: true, Milliseconds.Count: Tokens } && stream.Text == Expected);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"P8 streams {count} at once, {whole} with every frame, {streams.Sum(stream => stream.Milliseconds.Count)} of {count * Tokens} frames, last frame p50 {Median(streams, stream => stream.Milliseconds[^1]):N0} ms (paced {(Tokens - 1) * 20} ms): {(whole == count ? "met" : "NOT met")}"));
    }

    private static async Task<(double Rate, double P50, double Cpu)> MeasureAsync(Subject subject, int callers, TimeSpan time, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var body = Body(stream: false);
        var began = Stopwatch.GetTimestamp();
        var before = subject.Process.ProcessorMicroseconds();
        var samples = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                var taken = new List<double>(4096);
                while (Stopwatch.GetElapsedTime(began) < time)
                {
                    var asked = Stopwatch.GetTimestamp();
                    await subject.AskAsync(body, cancellationToken);
                    taken.Add(Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
                }

                return taken;
            },
            cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(began);
        double[] sorted = [.. samples.SelectMany(taken => taken).Order()];
        return (sorted.Length / elapsed.TotalSeconds, sorted[sorted.Length / 2], (subject.Process.ProcessorMicroseconds() - before) / sorted.Length);
    }

    private static double Median(IEnumerable<StreamTimes> streams, Func<StreamTimes, double> value) => Comparison.Median([.. streams.Select(value)]);

    // A prompt of the usual length, with one thing in it that redaction finds.
    internal static byte[] Body(bool stream) => Body(stream ? GatewayUnderTest.PacedModel : GatewayUnderTest.Model, stream);

    private static byte[] Body(string model, bool stream)
    {
        var facts = string.Join('\n', Enumerable.Range(1, 20).Select(number => string.Create(CultureInfo.InvariantCulture, $"- invoice INV-{10_000 + number} over {number * 137.5:N2} USD, due {number} days ago, not paid")));
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            model,
            stream,
            max_tokens = 500,
            messages = new[]
            {
                new { role = "system", content = "You answer a colleague's question about customers. Use only what stands in the context." },
                new { role = "user", content = $"<question>\nWhat does Delta owe? Write to jane.miller@example.com.\n</question>\n<context>\n{facts}\n</context>" },
            },
        }));
    }

    private static async Task<Subject> StartProxyAsync(Uri upstream, CancellationToken cancellationToken)
    {
        var port = ChildProcess.FreePort();
        return new Subject("proxy", await ChildProcess.StartAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.Benchmarks.dll"), BareProxy.ServerName], port, AppContext.BaseDirectory,
            new Dictionary<string, string> { [BareProxy.PortVariable] = string.Create(CultureInfo.InvariantCulture, $"{port}"), [BareProxy.UpstreamVariable] = upstream.ToString().TrimEnd('/') },
            cancellationToken));
    }

    private static async Task<Subject?> StartPortkeyAsync(Uri upstream, CancellationToken cancellationToken) =>
        await Portkey.TryStartAsync(cancellationToken) is { } started
            ? new Subject("Portkey", started, ("x-portkey-provider", "openai"), ("x-portkey-custom-host", new Uri(upstream, "/v1").ToString()))
            : null;
}
