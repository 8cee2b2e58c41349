using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>
/// How far an answer from this context can be trusted, 0.05 to 0.99:
/// (Σ weight × quality over the parts that the intent needs ÷ Σ weight) × (0.5 + 0.5 × weakest entity match)
/// × (0.8 + 0.2 × intent confidence) − 0.05 for each conflict, at most 0.15.
/// Quality of facts: known values count 1, values known to be unknown 0.5; of patterns: 1 minus half the share of detectors
/// that failed; of a data question: its own confidence, 0.3 when refused; of memories: 1. Stale parts count 0.7, missing ones 0.
/// </summary>
internal static class Confidence
{
    private const double Stale = 0.7;

    public static double Of(SynthesizeRequest request, Understanding understanding, int entities, int unknownNames, int conflicts)
    {
        var intent = 0.8 + (0.2 * understanding.IntentConfidence);
        if (!understanding.NeedsFacts && !understanding.NeedsPatterns && !understanding.NeedsDataQuestion)
        {
            // Nothing was looked up: only the reading of the question can be wrong.
            return Math.Round(Math.Clamp(unknownNames > 0 && entities == 0 ? Math.Min(0.8, intent) : intent, 0.05, 0.99), 4);
        }

        var parts = new (double Weight, double Quality)[]
        {
            (understanding.NeedsDataQuestion ? 0.85 : 0, DataQuestion(request)),
            (understanding.NeedsFacts ? FactWeight(understanding.Intent) : 0, Facts(request, understanding, entities)),
            (understanding.NeedsPatterns ? PatternWeight(understanding.Intent) : 0, Patterns(request)),
            (understanding.NeedsMemories ? 0.1 : 0, request.Missing.Any(m => m.Part == "memories") ? 0 : 1),
        };
        var supported = parts.Sum(p => p.Weight * p.Quality) / parts.Sum(p => p.Weight);
        var match = request.Mentions.Where(m => m.Match is not null).Select(m => m.Match.Confidence).DefaultIfEmpty(1).Min();
        return Math.Round(Math.Clamp((supported * (0.5 + (0.5 * match)) * intent) - Math.Min(0.15, 0.05 * conflicts), 0.05, 0.99), 4);
    }

    private static double FactWeight(Intent intent) => intent switch
    {
        Intent.Pattern => 0.25,
        Intent.Decision => 0.5,
        Intent.DataQuestion => 0.15,
        _ => 0.7,
    };

    private static double PatternWeight(Intent intent) => intent switch
    {
        Intent.Pattern => 0.7,
        Intent.Decision => 0.4,
        _ => 0.2,
    };

    private static double Facts(SynthesizeRequest request, Understanding understanding, int entities)
    {
        var wanted = Math.Max(1, understanding.Portfolio ? 1 : entities);
        var quality = request.Facts.Where(f => f.Facts.Count > 0).Sum(f =>
            f.Facts.Average(v => Notes.IsKnown(v) ? 1 : 0.5) * (f.Stale ? Stale : 1));
        return Math.Min(1, quality / Math.Max(wanted, request.Facts.Count));
    }

    private static double Patterns(SynthesizeRequest request) => request.Patterns.Count == 0 ? (request.PortfolioPatterns is { AnalysedCustomers: > 0 } ? 1 : 0) : request.Patterns.Average(p =>
    {
        var failed = p.Outcomes.Count(o => o.Status is DetectorStatus.Failed or DetectorStatus.TimedOut);
        return (p.Outcomes.Count == 0 ? 1 : 1 - (0.5 * failed / p.Outcomes.Count)) * (p.Stale ? Stale : 1);
    });

    private static double DataQuestion(SynthesizeRequest request) =>
        request.DataQuestion is null ? 0 : request.DataQuestion.Answer is { } answer ? Math.Clamp(answer.Confidence / 100, 0, 1) : 0.3;
}
