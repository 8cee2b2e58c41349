using Npgsql;
using Platform.Testing;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>The usual ways to find a name, in two lanes at a time, one for each core: PostgreSQL and .NET, and JavaScript.</summary>
internal sealed class Competitors : IAsyncDisposable
{
    private const double PostgresDefault = 0.3;

    private readonly PlatformServers _servers;
    private readonly NpgsqlDataSource _database;
    private readonly NodeMatchers _node;

    private Competitors(PlatformServers servers, NpgsqlDataSource database, NodeMatchers node) => (_servers, _database, _node) = (servers, database, node);

    public static async Task<Competitors> StartAsync(CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("entity_matching", cancellationToken));
        return new Competitors(servers, database, await NodeMatchers.StartAsync(cancellationToken));
    }

    /// <summary>The answers of each to the texts of the sample, and of pg_trgm to all texts: it is quick enough.</summary>
    public async Task<IReadOnlyList<(string Name, List<Judged> Answers)>> AskAsync(LabelledRegistry registry, IReadOnlyList<LabelledName> sample, CancellationToken cancellationToken)
    {
        var lanes = await Task.WhenAll(
            Task.Run(() => AskInTurnAsync(registry, [(new TrigramMatcher(_database, PostgresDefault), registry.Texts), (new FuzzySharpMatcher(), sample)], cancellationToken), cancellationToken),
            Task.Run(() => AskInTurnAsync(registry, [.. _node.Matchers.Select(matcher => (matcher, sample))], cancellationToken), cancellationToken));
        return [.. lanes.SelectMany(lane => lane)];
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _database.DisposeAsync();
        await _servers.DisposeAsync();
    }

    private static async Task<List<(string Name, List<Judged> Answers)>> AskInTurnAsync(
        LabelledRegistry registry, IReadOnlyList<(INameMatcher Matcher, IReadOnlyList<LabelledName> Texts)> turns, CancellationToken cancellationToken)
    {
        var answers = new List<(string, List<Judged>)>();
        foreach (var (matcher, texts) in turns)
        {
            await using (matcher)
            {
                await matcher.LoadAsync(registry.Entities, cancellationToken);
                answers.Add((matcher.Name, await Judged.AskAsync(matcher, texts, warm: 20, cancellationToken)));
            }
        }

        return answers;
    }
}
