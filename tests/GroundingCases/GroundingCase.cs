using System.Globalization;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.GroundingCases;

/// <summary>A text about a context, and whether it is true.</summary>
/// <param name="Kind">What is altered, or the least plain of what is said.</param>
/// <param name="Culture">BCP 47 tag of the numbers.</param>
/// <param name="Altered">Before → after; empty when the text is true.</param>
public sealed record GroundingCase(SynthesizedContext Context, string Text, bool IsFaithful, string Kind, string Culture, string Altered);

/// <summary>Makes cases: the same seed, the same case.</summary>
public static class GroundingCaseMaker
{
    private static readonly string[] Cultures = ["en-US", "en-US", "en-US", "en-GB", "de-DE"];
    private static readonly string[] Alterations = ["number", "number", "date", "unit", "name"];

    /// <param name="seed">Draws everything.</param>
    /// <param name="faithful">False alters one part.</param>
    /// <param name="unseen">Sayings that the gate was not adjusted on.</param>
    public static GroundingCase Make(int seed, bool faithful, bool unseen)
    {
        for (var attempt = 0; ; attempt++)
        {
            var random = new Random((seed * 1000) + attempt);
            var situation = new Situation(random.Next(), random.Next(3) == 0);
            var culture = CultureInfo.GetCultureInfo(Cultures[random.Next(Cultures.Length)]);
            var (parts, kind) = Tell(random, situation, culture, unseen);
            if (faithful)
            {
                return new GroundingCase(situation.Context, Text(parts), true, kind, culture.Name, string.Empty);
            }

            var wanted = Alterations[random.Next(Alterations.Length)];
            var alteration = new Alteration(random, situation);
            var candidates = Enumerable.Range(0, parts.Count).OrderBy(_ => random.Next()).Select(i => (Index: i, Altered: alteration.Of(parts[i], wanted))).Where(a => a.Altered is not null).ToList();
            if (candidates.Count > 0)
            {
                var (index, altered) = candidates[0];
                var before = parts[index].Text;
                parts[index] = altered!.Value.Part;
                return new GroundingCase(situation.Context, Text(parts), false, altered.Value.Kind, culture.Name, $"{before} → {parts[index].Text}");
            }
        }
    }

    private static (List<Part> Parts, string Kind) Tell(Random random, Situation situation, CultureInfo culture, bool unseen)
    {
        var compares = situation.Second is not null;
        var teller = new Teller(random, situation, compares && random.Next(2) == 0 ? situation.Second! : situation.First, culture, names: compares);
        var sayings = compares ? (unseen ? Sayings.UnseenComparisons : Sayings.SeenComparisons)
            : [.. unseen ? Sayings.Unseen : Sayings.Seen, .. unseen ? Sayings.UnseenChanges : Sayings.SeenChanges];
        var chosen = sayings.Where(s => s.Needs is null || s.Needs(teller)).OrderBy(_ => random.Next()).Take(random.Next(2, 5)).ToList();
        var parts = new List<Part>();
        if (!compares)
        {
            // Whom the text is about comes first; the rest may say "it".
            parts.AddRange(unseen
                ? ["Here is how ", teller.Name(situation.First), " stands on ", teller.On(situation.First.Today, month: false), ". "]
                : ["As of ", teller.On(situation.First.Today, month: false), ", this is the position of ", teller.Name(situation.First), ". "]);
        }

        foreach (var saying in chosen)
        {
            parts.AddRange(saying.Say(teller));
            parts.Add(" ");
        }

        return (parts, chosen.OrderByDescending(s => s.Kind is not ("figure" or "pattern" or "comparison")).First().Kind);
    }

    private static string Text(List<Part> parts) => string.Concat(parts.Select(p => p.Text)).Replace("\n\n ", "\n\n", StringComparison.Ordinal).Replace(" \n", "\n", StringComparison.Ordinal).Trim();
}
