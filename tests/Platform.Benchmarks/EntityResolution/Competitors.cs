using Npgsql;
using Platform.Testing;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>The usual ways to find a name, in two lanes at a time, one for each core: PostgreSQL and .NET, and JavaScript.</summary>
internal sealed class Competitors : IAsyncDisposable
{
    private const double PostgresDefault = 0.3;
    private const int LargeFrom = 15_000;
    private const int FewTexts = 2_000;

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

    /// <summary>
    /// Answers of each to every so manieth text: all of them where that is quick, some where each text is a scan of all names. The long form
    /// has scans asked all texts of the registries with few, and several times as many of the others.
    /// </summary>
    public async Task<IReadOnlyList<(string Name, int Every, List<Judged> Answers)>> AskAsync(LabelledRegistry registry, bool isLong, CancellationToken cancellationToken)
    {
        var (quick, scan) = (registry.Entities.Count >= LargeFrom, isLong) switch
        {
            (false, false) => (1, 20),
            (false, true) => (1, registry.Texts.Count <= FewTexts ? 1 : 5),
            (true, false) => (8, 40),
            (true, true) => (1, 20),
        };
        var lanes = await Task.WhenAll(
            Task.Run(() => AskInTurnAsync(registry, [(new TrigramMatcher(_database, PostgresDefault), 1), (new FuzzySharpMatcher(), scan)], cancellationToken), cancellationToken),
            Task.Run(() => AskInTurnAsync(registry, [.. _node.Matchers.Select(matcher => (matcher, matcher.Name == "fuse.js" ? scan : quick))], cancellationToken), cancellationToken));
        return [.. lanes.SelectMany(lane => lane)];
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _database.DisposeAsync();
        await _servers.DisposeAsync();
    }

    private static async Task<List<(string Name, int Every, List<Judged> Answers)>> AskInTurnAsync(
        LabelledRegistry registry, IReadOnlyList<(INameMatcher Matcher, int Every)> turns, CancellationToken cancellationToken)
    {
        var answers = new List<(string, int, List<Judged>)>();
        foreach (var (matcher, every) in turns)
        {
            await using (matcher)
            {
                await matcher.LoadAsync(registry.Entities, cancellationToken);
                var texts = registry.Texts.Where((_, n) => n % every == 0).ToList();
                answers.Add((matcher.Name, every, await Judged.AskAsync(matcher, texts, warm: 20, cancellationToken)));
            }
        }

        return answers;
    }
}
