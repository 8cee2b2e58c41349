using System.Globalization;
using System.Text;
using Platform.ModelGateway.Tests;
using Platform.ModelGateway.Tests.ProviderFaults;
using Platform.Testing;

namespace Platform.Benchmarks.ProviderFaults;

/// <summary>Bar F6: every provider fault over many seeds and every protocol; writes the table of docs/provider-faults.md.</summary>
internal sealed class ProviderFaultsBenchmark : IBenchmark
{
    private const int Seeds = 30;
    private const int ShortSeeds = 1;
    private const int Parallel = 12;

    private static readonly string[] Kinds = ["openai-compatible", "azure-openai", "anthropic"];

    public string Name => "provider-faults";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        try
        {
            var cells = new List<FaultCell>();
            var ledger = new List<string>();
            foreach (var (kind, index) in Kinds.Select((kind, index) => (kind, index)))
            {
                var matrix = new FaultMatrix(kind, isShort ? ShortSeeds : Seeds, Parallel);
                var (found, wrong) = await matrix.RunAsync(settings => RunningGateway.StartAloneAsync(servers, settings, cancellationToken), seed: 1 + index, cancellationToken);
                cells.AddRange(found);
                ledger.AddRange(wrong.Select(problem => $"{kind}: {problem}"));
                Console.WriteLine($"{kind}: {found.Sum(cell => cell.Results.Count)} calls, {found.Sum(cell => cell.Problems.Count)} problems, {wrong.Count} in the ledger");
            }

            Console.WriteLine(Table(cells));
            var problems = cells.SelectMany(cell => cell.Problems.Select(problem => $"{cell.Fault.Name}: {problem}")).Concat(ledger).ToList();
            problems.ForEach(Console.WriteLine);
            Console.WriteLine($"F6 {(problems.Count == 0 ? "met" : "NOT met")}: {cells.Sum(cell => cell.Results.Count)} calls, {problems.Count} problems");
        }
        finally
        {
            await servers.DisposeAsync();
        }
    }

    private static string Table(List<FaultCell> cells)
    {
        var table = new StringBuilder("| fault | one provider, whole | one provider, streamed | two providers, whole | two providers, streamed |\n|---|---|---|---|---|\n");
        foreach (var fault in cells.GroupBy(cell => cell.Fault))
        {
            table.Append(CultureInfo.InvariantCulture, $"| {fault.Key.Name} ");
            foreach (var two in new[] { false, true })
            {
                foreach (var streamed in new[] { false, true })
                {
                    table.Append(CultureInfo.InvariantCulture, $"| {Describe([.. fault.Where(cell => cell.Streamed == streamed && cell.TwoProviders == two)])} ");
                }
            }

            table.Append("|\n");
        }

        return table.ToString();
    }

    private static string Describe(FaultCell[] cells)
    {
        var results = cells.SelectMany(cell => cell.Results).ToArray();
        var ends = results
            .GroupBy(result => (result.Reason, result.GotTextBeforeError))
            .OrderByDescending(group => group.Count())
            .Select(group => $"{(group.Key.Reason.Length == 0 ? "answer" : group.Key.Reason.ToLowerInvariant())}{(group.Key.GotTextBeforeError ? " after text" : "")} {group.Count()}");
        var upstream = cells.Sum(cell => cell.Upstream) / (double)results.Length;
        var wrong = cells.Sum(cell => cell.Problems.Count);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", ends)}; {upstream:0.0} requests, ≤ {results.Max(result => result.Elapsed.TotalSeconds):0.00} s{(wrong > 0 ? $"; **{wrong} wrong**" : "")}");
    }
}
