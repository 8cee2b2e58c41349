using System.Diagnostics;
using System.Globalization;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>
/// Memory of the model gateway over ten minutes of load, whole and streamed, with one caller in fifty leaving early: growth below 1 MiB a minute
/// by least squares after two minutes of warm-up (P21).
/// </summary>
internal sealed class ModelGatewaySoak : IBenchmark
{
    private const double Bar = 1;
    private const int RequestsPerSecond = 40;

    public string Name => "model-gateway-soak";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (duration, warmUp) = isShort ? (TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(2)) : (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2));
        await using var under = await GatewayUnderTest.StartAsync(cancellationToken);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(duration);
        var began = Stopwatch.GetTimestamp();
        var load = LoadAsync(under.Gateway, ends.Token);
        var readings = new List<(double Minute, double MiB)>();
        using var timer = new PeriodicTimer(isShort ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(ends.Token))
            {
                var elapsed = Stopwatch.GetElapsedTime(began);
                var (memory, handles, threads) = under.Gateway.Process.Footprint();
                if (elapsed >= warmUp)
                {
                    readings.Add((elapsed.TotalMinutes, memory));
                }

                if (readings.Count % 12 == 1)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed:mm\\:ss} {memory,7:N1} MiB, {handles} handles, {threads} threads"));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }

        var (whole, failed) = await load;
        var growth = Slope(readings);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"soak       {duration.TotalMinutes:N1} min, {whole} calls answered, {failed} failed; private memory {readings[0].MiB:N1} -> {readings[^1].MiB:N1} MiB, growth {growth:N2} MiB/min (bar < {Bar:N0}): {(growth < Bar && failed == 0 ? "met" : isShort ? "too short to tell" : "NOT met")}"));
    }

    private static async Task<(long Answered, long Failed)> LoadAsync(Subject gateway, CancellationToken ends)
    {
        long answered = 0, failed = 0, sent = 0;
        var running = new HashSet<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / RequestsPerSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(ends))
            {
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(OneAsync(++sent));
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }

        await Task.WhenAll(running);
        return (answered, failed);

        async Task OneAsync(long number)
        {
            var asked = Stopwatch.GetTimestamp();
            using var leaves = new CancellationTokenSource(number % 50 == 0 ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(30));
            try
            {
                _ = number % 5 == 0
                    ? (await gateway.StreamAsync(ModelGatewayBenchmark.Body(stream: true), leaves.Token)).Milliseconds.Count
                    : await gateway.AskAsync(ModelGatewayBenchmark.Body(stream: false), leaves.Token);
                Interlocked.Increment(ref answered);
            }
            catch (Exception left) when (number % 50 == 0 && leaves.IsCancellationRequested && left is OperationCanceledException or HttpRequestException or IOException)
            {
                // It was meant to leave; a stream that is read at that moment ends with another exception than a wait does.
            }
            catch (Exception error) when (error is HttpRequestException or InvalidOperationException or IOException or OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"call {number} ({(number % 5 == 0 ? "streamed" : "whole")}{(number % 50 == 0 ? ", meant to leave" : "")}) failed after {Stopwatch.GetElapsedTime(asked).TotalSeconds:N2} s: {error.GetType().Name} {error.Message} <- {error.InnerException?.GetType().Name} {error.InnerException?.Message}"));
            }
        }
    }

    private static double Slope(List<(double Minute, double MiB)> readings)
    {
        var (x, y) = (readings.Average(reading => reading.Minute), readings.Average(reading => reading.MiB));
        return readings.Sum(reading => (reading.Minute - x) * (reading.MiB - y)) / readings.Sum(reading => (reading.Minute - x) * (reading.Minute - x));
    }
}
