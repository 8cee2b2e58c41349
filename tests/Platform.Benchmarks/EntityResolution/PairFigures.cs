using System.Globalization;
using Platform.EntityResolution.Index;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>Whether two names are the same organisation, by the comparison that the index uses.</summary>
internal static class PairFigures
{
    public static void Print(LabelledSets sets)
    {
        var pairs = sets.Pairs();
        var scored = pairs.Select(pair => (Pair: pair, Score: NamePair.LogOdds(pair.Left, pair.Right))).ToList();
        var threshold = BestThreshold([.. scored.Where(s => s.Pair.IsTraining)]);
        Print($"organisation pairs, threshold {threshold.ToString("0.00", CultureInfo.InvariantCulture)} of the training half", [.. scored.Where(s => !s.Pair.IsTraining)], threshold);
        Print("organisation pairs, both halves", scored, threshold);
        Print("organisation pairs, at the product's own threshold", scored, NamePair.SameFrom);
        if (Environment.GetCommandLineArgs().Contains("--list"))
        {
            foreach (var (pair, score) in scored.Where(s => s.Pair.IsTraining).OrderByDescending(s => s.Score))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(pair.Same ? "same " : "other")} {score,7:0.00} {pair.Left} | {pair.Right}"));
            }
        }
    }

    private static void Print(string title, List<(LabelledPair Pair, float Score)> scored, float threshold)
    {
        var (hits, misses, wrong) = (scored.Count(s => s.Pair.Same && s.Score >= threshold), scored.Count(s => s.Pair.Same && s.Score < threshold), scored.Count(s => !s.Pair.Same && s.Score >= threshold));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: F1 {2.0 * hits / (2 * hits + misses + wrong):0.000} (precision {(double)hits / Math.Max(1, hits + wrong):0.000}, recall {(double)hits / Math.Max(1, hits + misses):0.000}, {scored.Count} pairs)"));
    }

    private static float BestThreshold(List<(LabelledPair Pair, float Score)> scored) =>
        scored.Select(s => s.Score).MaxBy(t => 2.0 * scored.Count(s => s.Pair.Same && s.Score >= t) / (scored.Count(s => s.Score >= t) + scored.Count(s => s.Pair.Same)));
}
