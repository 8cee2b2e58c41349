using System.Diagnostics;
using System.Globalization;
using Platform.GroundingCases;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Writing;

namespace Platform.Benchmarks.Grounding;

/// <summary>Q6: how many altered answers the gates catch and how many faithful ones they flag, by kind, on seeds that no test uses.</summary>
internal sealed class GroundingBenchmark : IBenchmark
{
    private const int FirstSeed = 1_700_000;

    public string Name => "grounding";

    public Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var cases = isShort ? 100 : 1500;
        foreach (var (unseen, title) in (IEnumerable<(bool, string)>)[(false, "sayings that the gate was adjusted on"), (true, "the same in other words")])
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{cases} altered and {cases} faithful answers, {title}\n"));
            Table("altered", "caught", cases, faithful: false, unseen, cancellationToken);
            Table("faithful", "flagged", cases, faithful: true, unseen, cancellationToken);
        }

        return Task.CompletedTask;
    }

    private static void Table(string what, string counted, int cases, bool faithful, bool unseen, CancellationToken cancellationToken)
    {
        var results = new List<(string Kind, bool Counted)>();
        var taken = TimeSpan.Zero;
        for (var seed = FirstSeed; seed < FirstSeed + cases; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var example = GroundingCaseMaker.Make(seed, faithful, unseen);
            Language.TryFind(example.Culture, out var language);
            var started = Stopwatch.GetTimestamp();
            var grounded = QualityGates.Check(example.Text, example.Context, language).IsGrounded;
            taken += Stopwatch.GetElapsedTime(started);
            results.Add((example.Kind, !grounded));
        }

        Console.WriteLine($"| {what} | answers | {counted} | share |\n|---|---:|---:|---:|");
        foreach (var kind in results.GroupBy(r => r.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Append(results.GroupBy(_ => "all").Single()))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kind.Key} | {kind.Count()} | {kind.Count(r => r.Counted)} | {kind.Average(r => r.Counted ? 1 : 0):0.0000} |"));
        }

        var share = results.Average(r => r.Counted ? 1.0 : 0);
        var met = faithful ? share <= 0.01 : share >= 0.99;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nQ6 {what}: {share:0.0000} {counted} (bar {(faithful ? "≤ 0.01" : "≥ 0.99")}): {(met ? "met" : "NOT met")}; {taken.TotalMilliseconds / cases:0.0} ms an answer\n"));
    }
}
