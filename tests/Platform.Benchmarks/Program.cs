using Platform.Benchmarks;

var benchmarks = Benchmarks.Find();
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project tests/Platform.Benchmarks -- <name> [--short]\nNames: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
await benchmark.RunAsync(args.Contains("--short"), interrupted.Token);
return 0;
