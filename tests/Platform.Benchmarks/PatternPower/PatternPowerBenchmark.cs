using System.Diagnostics;
using System.Globalization;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>Bar Q2: how many planted shifts are found, how many stable customers are accused, and how long it takes.</summary>
internal sealed class PatternPowerBenchmark : IBenchmark
{
    public string Name => "pattern-power";

    public Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var customers = isShort ? 200 : 1000;
        Console.WriteLine("| noise | spread | stable: timing | stable: any | µs |" + string.Concat(Sizes.Select(s => $" {s} d |")));
        foreach (var noise in Noise.Families)
        {
            foreach (var spread in (double[])[4])
            {
                var stable = Run(customers, seed => new CustomerPlan { Noise = noise, Spread = spread, InvoicesBefore = 36 + (seed % 60) });
                var cells = Sizes.Select(size => Run(customers / 2, _ => new CustomerPlan { Noise = noise, Spread = spread, Shift = size }));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {noise.Name} | {spread} | {stable.Timing:P2} | {stable.Any:P2} | {stable.Micro:0} |") + string.Concat(cells.Select(cell => string.Create(CultureInfo.InvariantCulture, $" {cell.Timing:0.000} ({cell.Micro:0} µs) |"))));
            }
        }

        return Task.CompletedTask;
    }

    private static readonly double[] Sizes = [4, 6, 8, -8, 12];

    private static (double Timing, double Any, double Micro) Run(int count, Func<int, CustomerPlan> plan)
    {
        int timing = 0, any = 0;
        var elapsed = 0L;
        for (var seed = 0; seed < count; seed++)
        {
            var customer = GeneratedCustomer.Generate(seed + 1, plan(seed));
            var started = Stopwatch.GetTimestamp();
            var result = DefaultDetectors.Conclude(customer.History);
            elapsed += Stopwatch.GetTimestamp() - started;
            timing += result.Insights.Any(i => i.Type == "payment_timing_shift") ? 1 : 0;
            any += result.Insights.Count > 0 ? 1 : 0;
        }

        return ((double)timing / count, (double)any / count, Stopwatch.GetElapsedTime(0, elapsed).TotalMicroseconds / count);
    }
}
