using System.Globalization;
using Npgsql;
using Platform.Testing;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>Q1: finds labelled names in whole registries, side by side with the usual ways to do so.</summary>
internal sealed class EntityMatchingBenchmark : IBenchmark
{
    private const double PostgresDefault = 0.3;
    private const double SureFrom = 0.8;

    public string Name => "entity-matching";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        if (TestData.TryFind("entity_matching") is not { } folder)
        {
            Console.WriteLine($"entity-matching needs the folder entity_matching of the data sets ({TestData.FolderVariable}); skipped");
            return;
        }

        var sets = new LabelledSets(folder);
        if (Environment.GetCommandLineArgs().Contains("--fit"))
        {
            ModelFit.Run(sets);
            return;
        }

        if (Environment.GetCommandLineArgs().Contains("--alone"))
        {
            foreach (var registry in LabelledRegistries.Of(sets, isShort))
            {
                Console.WriteLine($"\n{registry.Name}: {registry.Entities.Count:N0} names, {registry.Texts.Count:N0} texts");
                var matcher = new IndexMatcher();
                await matcher.LoadAsync(registry.Entities, cancellationToken);
                var judged = await AskAsync(matcher, registry.Texts, cancellationToken);
                Print(matcher.Name, judged, byKind: true);
                PrintWrong(registry, judged);
            }

            PairFigures.Print(sets);
            return;
        }

        var servers = new PlatformServers();
        await servers.InitializeAsync();
        await using var _ = servers;
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("entity_matching", cancellationToken));
        await using var node = await NodeMatchers.StartAsync(cancellationToken);
        foreach (var registry in LabelledRegistries.Of(sets, isShort))
        {
            Console.WriteLine($"\n{registry.Name}: {registry.Entities.Count:N0} names, {registry.Texts.Count:N0} texts");
            var index = new IndexMatcher();
            await index.LoadAsync(registry.Entities, cancellationToken);
            Print(index.Name, await AskAsync(index, registry.Texts, cancellationToken), byKind: true);
            // Scans take long; some of the texts tell as much.
            List<LabelledName> some = [.. registry.Texts.Where((_, n) => n % (isShort ? 8 : 10) == 0)];
            Console.WriteLine($"  the same {some.Count} texts by each:");
            Print(index.Name, await AskAsync(index, some, cancellationToken), byKind: false);
            foreach (INameMatcher matcher in (List<INameMatcher>)[new TrigramMatcher(database, PostgresDefault), new FuzzySharpMatcher(), .. node.Matchers])
            {
                await matcher.LoadAsync(registry.Entities, cancellationToken);
                Print(matcher.Name, await AskAsync(matcher, some, cancellationToken), byKind: false);
                await matcher.DisposeAsync();
            }
        }

        PairFigures.Print(sets);
    }

    /// <summary>Asks every text; a few hundred are asked before, so that code is compiled when it counts.</summary>
    private static async Task<List<Judged>> AskAsync(INameMatcher matcher, IReadOnlyList<LabelledName> texts, CancellationToken cancellationToken)
    {
        for (var warm = 0; warm < (matcher is IndexMatcher ? 3_000 : 20); warm++)
        {
            await matcher.FindAsync(texts[warm % texts.Count].Text, cancellationToken);
        }

        var judged = new List<Judged>(texts.Count);
        foreach (var text in texts)
        {
            judged.Add(new Judged(text, await matcher.FindAsync(text.Text, cancellationToken)));
        }

        return judged;
    }

    /// <summary>With --list: the texts of the training half whose best name is wrong, to learn from.</summary>
    private static void PrintWrong(LabelledRegistry registry, List<Judged> judged)
    {
        if (!Environment.GetCommandLineArgs().Contains("--list"))
        {
            return;
        }

        var names = registry.Entities.DistinctBy(e => e.Id).ToDictionary(e => e.Id, e => e.Name);
        foreach (var wrong in judged.Where(j => j.Label.IsTraining && !j.IsRight && (j.Label.Right.Count > 0 || j.Found.Score > 0.3)).OrderByDescending(j => j.Found.Score))
        {
            var right = wrong.Label.Right.Count == 0 ? "(none)" : string.Join(" / ", wrong.Label.Right.Select(r => names[r]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {wrong.Found.Score:0.000} {wrong.Label.Set}, {wrong.Label.Kind}: {wrong.Label.Text} -> {(wrong.Found.Id is { } id ? names[id] : "(nothing)")}; right: {right}"));
        }
    }

    private static void Print(string matcher, List<Judged> judged, bool byKind)
    {
        var threshold = MatchingFigures.BestThreshold([.. judged.Where(j => j.Label.IsTraining)]);
        var tested = judged.Where(j => !j.Label.IsTraining).ToList();
        var all = MatchingFigures.Of(tested, threshold);
        var sure = MatchingFigures.Of(tested, SureFrom);
        var times = judged.Select(j => j.Found.Microseconds).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {matcher,-12} top-1 {all.Top1:0.000}  F1 {all.F1:0.000}  precision {all.Precision:0.000}  recall {all.Recall:0.000}  at {threshold:0.00}   p50 {MatchingFigures.Percentile(times, 0.5),9:N0} us  p99 {MatchingFigures.Percentile(times, 0.99),9:N0} us  ({tested.Count} texts)"));
        if (matcher == "Platform")
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"               answers with a probability of {SureFrom:0.0} and more: precision {sure.Precision:0.000}, recall {sure.Recall:0.000}"));
        }

        if (!byKind)
        {
            return;
        }

        foreach (var kind in tested.GroupBy(j => $"{j.Label.Set}, {j.Label.Kind}").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var figures = MatchingFigures.Of([.. kind], threshold);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"      {kind.Key,-32} top-1 {figures.Top1:0.000}  precision {figures.Precision:0.000}  recall {figures.Recall:0.000}  ({kind.Count()} texts)"));
        }
    }
}
