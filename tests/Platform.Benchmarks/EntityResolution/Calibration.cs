using System.Globalization;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>Whether names found with a probability are as often right: ten bins, and the mean distance weighted by their sizes (ECE).</summary>
internal static class Calibration
{
    private const int Bins = 10;

    /// <param name="judged">Answers of the half that nothing was chosen on; texts of which the registry lacks the entity count as wrong.</param>
    public static void Print(IReadOnlyCollection<Judged> judged)
    {
        var answered = judged.Where(j => j.Found.Id is not null).ToList();
        var error = 0.0;
        Console.WriteLine("      probability   texts    mean   right");
        foreach (var bin in answered.GroupBy(j => Math.Min(Bins - 1, (int)(j.Found.Score * Bins))).OrderBy(g => g.Key))
        {
            var (mean, right) = (bin.Average(j => j.Found.Score), bin.Average(j => j.IsRight ? 1.0 : 0));
            error += Math.Abs(mean - right) * bin.Count() / answered.Count;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"      {bin.Key / (double)Bins:0.0} to {(bin.Key + 1) / (double)Bins:0.0}  {bin.Count(),6}   {mean:0.000}   {right:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      expected calibration error {error:0.000} of {answered.Count} answers"));
    }
}
