using System.Globalization;
using Npgsql;
using Platform.ProviderSimulator;
using Platform.ProviderSimulator.Records;

namespace Platform.ModelGateway.Tests.ProviderFaults;

/// <summary>What came of a fault in one setting, over all seeds.</summary>
internal sealed record FaultCell(FaultCase Fault, bool Streamed, bool TwoProviders, IReadOnlyList<FaultResult> Results, IReadOnlyList<string> Problems, int Upstream);

/// <summary>
/// Bar F6: every fault, streamed and not, with one provider and with two, over many seeds, against a running gateway and the
/// provider simulator; judged from what the clients and the simulator recorded, and from the ledger.
/// </summary>
internal sealed class FaultMatrix(string kind, int seeds, int parallel)
{
    private static readonly TimeSpan LedgerLimit = TimeSpan.FromSeconds(20);

    private readonly FaultRun[] _runs = [.. (
        from fault in FaultCase.All
        from streamed in new[] { false, true }
        from two in new[] { false, true }
        from seed in Enumerable.Range(0, seeds)
        select (fault, streamed, two)).Select((run, index) => new FaultRun(run.fault, run.streamed, run.two, index))];

    internal int Runs => _runs.Length;

    /// <summary>Runs all of it.</summary>
    /// <param name="start">Starts a gateway with the settings.</param>
    /// <param name="seed">Of the simulator's draws.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal async Task<(IReadOnlyList<FaultCell> Cells, IReadOnlyList<string> Ledger)> RunAsync(
        Func<IReadOnlyList<(string, string?)>, Task<RunningGateway>> start, int seed, CancellationToken cancellationToken)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(new SimulatorOptions { Seed = seed, KeptRequests = 1_000_000 }, cancellationToken: cancellationToken);
        await using var gateway = await start(Settings(simulator));
        var reference = (await gateway.Models.CompleteAsync(FaultRun.Question("reference"), cancellationToken: cancellationToken)).Text;
        var results = new FaultResult[_runs.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, _runs.Length),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (index, token) => results[index] = await _runs[index].CallAsync(gateway.Models, TimeProvider.System, token));
        var requests = simulator.Requests.All.ToLookup(request => request.Model);
        FaultCell[] cells = [.. results
            .GroupBy(result => (result.Run.Fault, result.Run.Streamed, result.Run.TwoProviders))
            .Select(group => Judge(group.Key, [.. group], reference, requests))];
        return (cells, await JudgeLedgerAsync(gateway, results, cancellationToken));
    }

    private static FaultCell Judge((FaultCase Fault, bool Streamed, bool TwoProviders) key, FaultResult[] results, string reference, ILookup<string, RequestRecord> requests)
    {
        string[] problems = [.. results.SelectMany(result =>
            result.Run.Judge(result, reference, [.. requests[result.Run.FaultyModel]], [.. requests[result.Run.HealthyModel]]).Select(problem => $"{result.Run.Model}: {problem}"))];
        var upstream = results.Sum(result => requests[result.Run.FaultyModel].Count() + requests[result.Run.HealthyModel].Count());
        return new FaultCell(key.Fault, key.Streamed, key.TwoProviders, results, problems, upstream);
    }

    /// <summary>Every call is one row with its outcome, and the tokens of the rows are those that the callers were told.</summary>
    private static async Task<List<string>> JudgeLedgerAsync(RunningGateway gateway, FaultResult[] results, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        using var limit = new CancellationTokenSource(LedgerLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        Dictionary<string, (long Rows, long Tokens)> rows;
        do
        {
            rows = await ReadAsync(database, cancellationToken);
        }
        while (rows.Values.Sum(outcome => outcome.Rows) < results.Length && !limit.IsCancellationRequested && await timer.WaitForNextTickAsync(cancellationToken));

        var problems = new List<string>();
        foreach (var outcome in results.GroupBy(result => result.Reason.Length == 0 ? "success" : result.Reason.ToLowerInvariant()))
        {
            var told = outcome.Sum(result => (result.Answer?.Report ?? result.Events.LastOrDefault()?.Interrupted?.Report)?.Tokens is { } tokens ? tokens.Input + tokens.Output : 0);
            var (count, written) = rows.GetValueOrDefault(outcome.Key);
            if (count != outcome.Count() || written != told)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{outcome.Key}: {count} rows with {written} tokens instead of {outcome.Count()} with {told}"));
            }
        }

        return problems;
    }

    private static async Task<Dictionary<string, (long, long)>> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT outcome, count(*), sum(input_tokens + output_tokens)::bigint FROM app.usage WHERE operation = 'provider_faults' AND model NOT LIKE 'reference%' GROUP BY 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetInt64(2)));
        }

        return rows;
    }

    private List<(string, string?)> Settings(ProviderSimulatorHost simulator)
    {
        var settings = new List<(string, string?)>
        {
            // What one run does must not reach the next: breakers and budget have tests of their own. Each fault has a provider to
            // itself, because no breaker can be told to count further than 1000.
            ("modelGateway:breaker:failures", "1000"),
            ("modelGateway:retry:budgetReserve", "10000"),
            ("modelGateway:retry:baseDelay", "00:00:00.010"),
            ("modelGateway:providers:0:models:reference", "reference+tokens-12"),
        };
        var url = kind switch { "anthropic" => simulator.AnthropicUrl, "azure-openai" => simulator.AzureUrl, _ => simulator.OpenAiUrl };
        Add(0, "healthy", url, "00:00:05", "2");
        foreach (var (fault, index) in FaultCase.All.Select((fault, index) => (fault, index + 1)))
        {
            var address = fault switch { { Name: "refuse" } => simulator.RefusingUrl, { Behaviour: null } => simulator.BlackHoleUrl, _ => url };
            Add(index, $"faulty-{index}", address, fault.TakesLong ? "00:00:10" : "00:00:00.4", "1");
            foreach (var run in _runs.Where(run => run.Fault == fault))
            {
                settings.Add(($"modelGateway:providers:{index}:models:{run.Model}", run.FaultyModel));
                settings.Add(($"modelGateway:models:{run.Model}:timeout", fault.TakesLong ? "00:00:10" : "00:00:00.4"));
                if (run.TwoProviders)
                {
                    settings.Add(($"modelGateway:providers:0:models:{run.Model}", run.HealthyModel));
                }
            }
        }

        return settings;

        void Add(int index, string name, string address, string limit, string priority) => settings.AddRange(
        [
            ($"modelGateway:providers:{index}:name", name),
            ($"modelGateway:providers:{index}:kind", kind),
            ($"modelGateway:providers:{index}:baseUrl", address),
            ($"modelGateway:providers:{index}:priority", priority),
            ($"modelGateway:providers:{index}:firstTokenTimeout", limit),
            ($"modelGateway:providers:{index}:idleTimeout", limit),
            ($"modelGateway:providers:{index}:models:unused", "unused"),
        ]);
    }
}
