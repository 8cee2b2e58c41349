using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;
using Platform.Testing;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>P13 and P14: lookups with one or two slips among a million names beside pg_trgm, exact lookups beside a dictionary; build time and memory.</summary>
internal sealed class EntityIndexBenchmark : IBenchmark
{
    // P13's limit.
    private const double TrigramThreshold = 0.5;

    public string Name => "entity-index";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var names = GeneratedNames.Create(isShort ? 20_000 : 1_000_000).ToList();
        var index = Build(names);
        MeasureExact(index, names, isShort ? 3 : 9);
        MeasureCompletion(isShort ? 20_000 : 100_000);
        if (Environment.GetCommandLineArgs().Contains("--alone"))
        {
            Summarize("index", await LookUpAsync(new LoadedIndex(index), Asked(names, 2000), cancellationToken));
            return;
        }

        await MeasureFuzzyAsync(index, names, isShort, cancellationToken);
    }

    private static NameIndex Build(List<NamedEntity> names)
    {
        NameIndex? index = null;
        var times = new List<double>();
        long before = 0;
        for (var round = 0; round < 3; round++)
        {
            index = null;
            before = GC.GetTotalMemory(forceFullCollection: true);
            var started = Stopwatch.GetTimestamp();
            var builder = new NameIndexBuilder();
            foreach (var name in names)
            {
                builder.Add(name.Id, name.Name);
            }

            index = builder.Build();
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Say($"build     {names.Count:N0} names, {index!.Words.Count:N0} distinct words: {times.Min():0.00} s, median {Comparison.Median([.. times]):0.00} s (bar 5 s); managed memory {held / 1048576.0:N0} MB, of that arrays of the index {index.Bytes / 1048576.0:N0} MB (bar 350 MB)");
        return index;
    }

    private static void MeasureExact(NameIndex index, List<NamedEntity> names, int rounds)
    {
        var random = new Random(3);
        var byKey = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        var byLower = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        for (var n = 0; n < names.Count; n++)
        {
            byKey.TryAdd(NameText.Normalize(names[n].Name).Key, n);
            byLower.TryAdd(names[n].Name.Trim().ToLowerInvariant(), n);
        }

        var asked = Enumerable.Range(0, 50_000).Select(_ => names[random.Next(names.Count)].Name).ToArray();
        var (same, lower) = (new Comparison("P14", "ns"), new Comparison("P14 lower", "ns"));
        for (var round = 0; round < rounds + 2; round++)
        {
            var limit = Time(asked, name => byKey.TryGetValue(NameText.Normalize(name).Key, out _));
            var plain = Time(asked, name => byLower.TryGetValue(name.Trim().ToLowerInvariant(), out _));
            var ours = Time(asked, name => NameLookup.Find(index, name) >= 0);
            if (round >= 2)
            {
                same.Add(limit, ours);
                lower.Add(plain, ours);
            }
        }

        same.Print("3 (Dictionary with the same normalisation)", ratio => ratio <= 3);
        lower.Print("3 (Dictionary with Trim and ToLowerInvariant only)", ratio => ratio <= 3);
    }

    private static double Time(string[] asked, Func<string, bool> find)
    {
        var found = 0;
        var started = Stopwatch.GetTimestamp();
        foreach (var name in asked)
        {
            found += find(name) ? 1 : 0;
        }

        var took = Stopwatch.GetElapsedTime(started).TotalNanoseconds / asked.Length;
        return found == asked.Length ? took : throw new InvalidOperationException($"{asked.Length - found} exact names were not found.");
    }

    private static void MeasureCompletion(int count)
    {
        var builder = new NameIndexBuilder();
        var names = GeneratedNames.Create(count, seed: 7).ToList();
        names.ForEach(name => builder.Add(name.Id, name.Name));
        var index = builder.Build();
        var times = new List<double>();
        for (var round = 0; round < 2; round++)
        {
            times.Clear();
            foreach (var name in names.Where((_, n) => n % (count / 200) == 0))
            {
                for (var typed = 1; typed <= name.Name.Length; typed++)
                {
                    var started = Stopwatch.GetTimestamp();
                    NameCompletion.Find(index, name.Name[..typed], 10);
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
        }

        times.Sort();
        Say($"typing    top 10 of {count:N0} names: p50 {MatchingFigures.Percentile(times, 0.5):0.000} ms, p99 {MatchingFigures.Percentile(times, 0.99):0.000} ms, worst {times[^1]:0.000} ms (bar 5 ms; {times.Count:N0} keystrokes)");
    }

    private static async Task MeasureFuzzyAsync(NameIndex index, List<NamedEntity> names, bool isShort, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        await using var _ = servers;
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("entity_index", cancellationToken));
        await using var trigrams = new TrigramMatcher(database, TrigramThreshold);
        await trigrams.LoadAsync(names, cancellationToken);
        var own = new LoadedIndex(index);
        var warm = Asked(names, 600, seed: 11);
        await LookUpAsync(own, warm, cancellationToken);
        await LookUpAsync(own, warm, cancellationToken);
        await LookUpAsync(trigrams, [.. warm.Take(30)], cancellationToken);
        var (p50, p99) = (new Comparison("P13 p50", "us"), new Comparison("P13 p99", "us"));
        var (limits, answers) = (new List<Judged>(), new List<Judged>());
        for (var round = 0; round < (isShort ? 2 : 5); round++)
        {
            var asked = Asked(names, isShort ? 40 : 200, seed: 100 + round);
            var limit = await LookUpAsync(trigrams, asked, cancellationToken);
            var found = await LookUpAsync(own, asked, cancellationToken);
            limits.AddRange(limit);
            answers.AddRange(found);
            p50.Add(Share(limit, 0.5), Share(found, 0.5));
            p99.Add(Share(limit, 0.99), Share(found, 0.99));
        }

        p50.Print("0.033", ratio => ratio <= 1 / 30.0);
        p99.Print("0.05", ratio => ratio <= 1 / 20.0);
        Summarize("pg_trgm", limits);
        Summarize("index", answers);
        Summarize("index, more texts", await LookUpAsync(own, Asked(names, isShort ? 500 : 5000, seed: 5), cancellationToken));
    }

    private static double Share(List<Judged> judged, double share) => MatchingFigures.Percentile([.. judged.Select(j => j.Found.Microseconds).Order()], share);

    private static void Summarize(string who, List<Judged> judged)
    {
        var right = (double)judged.Count(j => j.IsRight) / judged.Count;
        Say($"P13 top-1  {who,-18} {right:0.0000} of {judged.Count:N0} (bar 0.99)   p50 {Share(judged, 0.5):N0} us, p99 {Share(judged, 0.99):N0} us, worst {Share(judged, 1):N0} us");
        if (Environment.GetCommandLineArgs().Contains("--list") && who.StartsWith("index", StringComparison.Ordinal))
        {
            foreach (var wrong in judged.Where(j => !j.IsRight))
            {
                Console.WriteLine($"    {wrong.Label.Text} -> {wrong.Found.Id} {wrong.Found.Score:0.00}; right: {wrong.Label.Kind}");
            }
        }
    }

    private static List<LabelledName> Asked(List<NamedEntity> names, int count, int seed = 1)
    {
        var (random, writer) = (new Random(seed), new Misspelling(seed));
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            var entity = names[random.Next(names.Count)];
            return new LabelledName("generated", entity.Name, writer.Slip(entity.Name, 1 + n % 2), new HashSet<string> { entity.Id });
        })];
    }

    private static async Task<List<Judged>> LookUpAsync(INameMatcher matcher, List<LabelledName> asked, CancellationToken cancellationToken)
    {
        var judged = new List<Judged>(asked.Count);
        foreach (var text in asked)
        {
            judged.Add(new Judged(text, await matcher.FindAsync(text.Text, cancellationToken)));
        }

        return judged;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed class LoadedIndex(NameIndex index) : INameMatcher
    {
        public string Name => "index";

        public Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<FoundName> FindAsync(string text, CancellationToken cancellationToken)
        {
            var started = Stopwatch.GetTimestamp();
            var found = NameSearch.Find(index, text, 5);
            var took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            return Task.FromResult(new FoundName(found.Count == 0 ? null : index.IdOf(found[0].Entity), found.Count == 0 ? 0 : found[0].Probability, took));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
