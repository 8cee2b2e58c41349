using System.Globalization;
using Platform.Testing;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>Q1: finds labelled names in whole registries, side by side with the usual ways to do so.</summary>
internal sealed class EntityMatchingBenchmark : IBenchmark
{
    private const double SureFrom = 0.6;
    private const double Unbelieved = 0.3;

    // So that code is compiled when it counts.
    private const int WarmTexts = 3_000;

    public string Name => "entity-matching";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        if (TestData.TryFind("entity_matching") is not { } folder)
        {
            Console.WriteLine($"entity-matching needs the folder entity_matching of the data sets ({TestData.FolderVariable}); skipped");
            return;
        }

        var sets = new LabelledSets(folder);
        if (IsAsked("--fit"))
        {
            ModelFit.Run(sets);
        }

        await using var competitors = IsAsked("--alone") ? null : await Competitors.StartAsync(cancellationToken);
        var part = Environment.GetCommandLineArgs().SkipWhile(a => a != "--registry").ElementAtOrDefault(1) ?? "";
        foreach (var registry in LabelledRegistries.Of(sets, isShort).Where(r => r.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            Console.WriteLine($"\n{registry.Name}: {registry.Entities.Count:N0} names, {registry.Texts.Count:N0} texts");
            var index = new IndexMatcher();
            await index.LoadAsync(registry.Entities, cancellationToken);
            var judged = await Judged.AskAsync(index, registry.Texts, isShort ? 100 : WarmTexts, cancellationToken);
            Print(index.Name, judged);
            PrintKinds(judged);
            Calibration.Print([.. judged.Where(j => !j.Label.IsTraining)]);
            var others = competitors is null ? [] : await competitors.AskAsync(registry, IsAsked("--whole"), cancellationToken);
            PrintCompared(others, judged);
            if (IsAsked("--list"))
            {
                PrintWrong(registry, judged, others);
            }
        }

        PairFigures.Print(sets);
    }

    private static bool IsAsked(string option) => Environment.GetCommandLineArgs().Contains(option);

    /// <summary>Each competitor beside the answers to the same texts.</summary>
    private static void PrintCompared(IReadOnlyList<(string Name, int Every, List<Judged> Answers)> others, List<Judged> judged)
    {
        foreach (var group in others.GroupBy(answered => answered.Every).OrderBy(group => group.Key))
        {
            Console.WriteLine(group.Key == 1 ? "  all texts:" : $"  one text of {group.Key}:");
            List<Judged> own = [.. judged.Where((_, n) => n % group.Key == 0)];
            Print("Platform", own);
            foreach (var (name, _, answers) in group)
            {
                Print(name, answers);
                var (top1, f1) = PairedDifference.Between(own, answers);
                var (onlyOwn, onlyOther) = PairedDifference.OnlyRight(own, answers);
                Console.WriteLine($"               Platform ahead of it by top-1 {top1}, F1 {f1}; only Platform right {onlyOwn}, only it {onlyOther}");
            }
        }
    }

    private static void Print(string matcher, List<Judged> judged)
    {
        var threshold = MatchingFigures.BestThreshold([.. judged.Where(j => j.Label.IsTraining)]);
        var tested = judged.Where(j => !j.Label.IsTraining).ToList();
        var all = MatchingFigures.Of(tested, threshold);
        var times = judged.Select(j => j.Found.Microseconds).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {matcher,-12} top-1 {all.Top1:0.000}  F1 {all.F1:0.000}  precision {all.Precision:0.000}  recall {all.Recall:0.000}  at {threshold:0.00}   p50 {MatchingFigures.Percentile(times, 0.5),9:N0} us  p99 {MatchingFigures.Percentile(times, 0.99),9:N0} us  ({tested.Count} texts)"));
    }

    private static void PrintKinds(List<Judged> judged)
    {
        var tested = judged.Where(j => !j.Label.IsTraining).ToList();
        var threshold = MatchingFigures.BestThreshold([.. judged.Where(j => j.Label.IsTraining)]);
        var sure = MatchingFigures.Of(tested, SureFrom);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"               answers with a probability of {SureFrom:0.0} and more: precision {sure.Precision:0.000}, recall {sure.Recall:0.000}"));
        foreach (var kind in tested.GroupBy(j => $"{j.Label.Set}, {j.Label.Kind}").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var figures = MatchingFigures.Of([.. kind], threshold);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"      {kind.Key,-32} top-1 {figures.Top1:0.000}  precision {figures.Precision:0.000}  recall {figures.Recall:0.000}  ({kind.Count()} texts)"));
        }
    }

    /// <summary>The texts of the training half whose best name is wrong, or right but hardly believed, to learn from.</summary>
    private static void PrintWrong(LabelledRegistry registry, List<Judged> judged, IReadOnlyList<(string Name, int Every, List<Judged> Answers)> compared)
    {
        var rightElsewhere = compared.SelectMany(other => other.Answers.Where(a => a.IsRight).Select(a => (a.Label, other.Name))).ToLookup(a => a.Label, a => a.Name);
        var names = registry.Entities.DistinctBy(e => e.Id).ToDictionary(e => e.Id, e => e.Name);
        foreach (var learnt in judged.Where(j => j.Label.IsTraining && (j.IsRight ? j.Found.Score < Unbelieved : j.Label.Right.Count > 0 || j.Found.Score > Unbelieved)).OrderByDescending(j => j.Found.Score))
        {
            var right = learnt.Label.Right.Count == 0 ? "(none)" : string.Join(" / ", learnt.Label.Right.Select(r => names[r]));
            var found = learnt.IsRight ? "right, unsure" : learnt.Found.Id is { } id ? names[id] : "(nothing)";
            var others = string.Join(", ", rightElsewhere[learnt.Label]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"    {learnt.Found.Score:0.000} {learnt.Label.Set}, {learnt.Label.Kind}: {learnt.Label.Text} -> {found}; right: {right}{(others.Length > 0 ? "; found by " : "")}{others}"));
        }
    }
}
