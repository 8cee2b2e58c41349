using System.Globalization;
using Platform.ModelGateway.Prompts;

namespace Platform.Benchmarks.PromptGuarding;

/// <summary>How often the guard pauses one of two equal versions, and how soon a worse one, when it looks after every 10 calls.</summary>
internal sealed class PromptGuardBenchmark : IBenchmark
{
    private const int Between = 10;

    public string Name => "prompt-guard";

    public Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (simulations, calls) = isShort ? (50, 1000) : (2000, 5000);
        Console.WriteLine($"{simulations} simulations of {calls} calls, promise 1 %\n\n| success rates | share of the second | paused | median calls until then |\n|---|---|---|---|");
        foreach (var (first, second, share) in new[] { (0.5, 0.5, 0.5), (0.9, 0.9, 0.5), (0.98, 0.98, 0.5), (0.9, 0.9, 0.1), (0.95, 0.90, 0.5), (0.95, 0.85, 0.5), (0.95, 0.80, 0.5), (0.95, 0.80, 0.1), (0.9, 0.6, 0.5) })
        {
            cancellationToken.ThrowIfCancellationRequested();
            var options = first == second ? new PromptGuardOptions { MinimumExecutions = 1, MinimumDifference = 0 } : new PromptGuardOptions();
            var paused = Enumerable.Range(0, simulations).Select(seed => PausedAfter(options, first, second, share, calls, seed)).OfType<int>().Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {first:0.00} and {second:0.00} | {share:0.0} | {(double)paused.Length / simulations:P2} | {(paused.Length == 0 ? "–" : paused[paused.Length / 2].ToString(CultureInfo.InvariantCulture))} |"));
        }

        return Task.CompletedTask;
    }

    private static int? PausedAfter(PromptGuardOptions options, double first, double second, double share, int calls, int seed)
    {
        var random = new Random(seed);
        Span<long> counts = stackalloc long[4];
        for (var call = 1; call <= calls; call++)
        {
            var isSecond = random.NextDouble() < share;
            counts[(isSecond ? 2 : 0) + (random.NextDouble() < (isSecond ? second : first) ? 0 : 1)]++;
            if (call % Between == 0 && PromptGuard.ClearlyWorse([(1, new Trials(counts[0], counts[1])), (2, new Trials(counts[2], counts[3]))], options) is not null)
            {
                return call;
            }
        }

        return null;
    }
}
