using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates;

/// <summary>A text must say what its intent asks for: who is meant, a figure, the recommendation with a reason, the main pattern, the result.</summary>
internal static partial class CompletenessGate
{
    /// <summary>The score is the share of what was wanted that is there.</summary>
    public static GateResult Check(string text, SynthesizedContext context, Language language)
    {
        var wants = (AnswerWriter.IsFixed(context) ? OfFixed(text, context) : [.. Names(text, context), .. OfIntent(text, context, language)]).ToList();
        var missing = wants.Where(w => !w.Has).Select(w => w.What).ToList();
        return QualityGates.Result(
            "completeness", wants.Count == 0 ? 1 : 1 - ((double)missing.Count / wants.Count), missing.Count == 0, missing.Count == 0 ? "complete" : $"lacks {string.Join(", ", missing)}");
    }

    private static IEnumerable<(string What, bool Has)> OfFixed(string text, SynthesizedContext context)
    {
        if (context.UnknownNames.Count > 0 && context.Entities.Count == 0 && context.Understanding?.Intent is not (Intent.Greeting or Intent.Help or Intent.OutOfScope or Intent.Remember))
        {
            yield return ("the unknown name", context.UnknownNames.Any(n => Says(text, n)));
        }
    }

    private static IEnumerable<(string What, bool Has)> Names(string text, SynthesizedContext context) =>
        context.Entities.Where(e => context.Facts.Any(f => f.Entity?.Id == e.Id) || context.Patterns.Any(p => p.Customer?.Id == e.Id))
            .Take(5).Select(e => ($"the name {e.Name}", Says(text, e.Name)));

    private static IEnumerable<(string What, bool Has)> OfIntent(string text, SynthesizedContext context, Language language)
    {
        switch (context.Understanding?.Intent)
        {
            case Intent.Status when StatusAnswer.AsksForNotes(context):
                yield return ("what is on file", context.Memories.Count == 0 || context.Memories.Any(m => SaysMost(text, m.Memory.Text) || Untrusted.ReadsLikeOrders(m.Memory.Text)));
                break;
            case Intent.Status or Intent.Comparison when context.Facts.Any(f => f.Facts.Any(v => v.Value is { Unknown: "" })):
                yield return ("a figure", context.Facts.SelectMany(f => f.Facts).Any(f => f.Value is { Unknown: "" } value && Says(text, language.Of(value))) || SaysAFigure(text, language));
                break;
            case Intent.Decision when context.Decision is { Recommended.Length: > 0 } decision:
                yield return ("the recommendation", SaysMost(text, decision.Options.First(o => o.Name == decision.Recommended).Label));
                var evidence = decision.EvidenceFor.Concat(decision.EvidenceAgainst).ToList();
                yield return ("the recommendation as it was weighed", !RecommendsAnother(text, decision));
                yield return ("a reason", evidence.Count == 0 || evidence.Any(c => c.Figures.Values.Any(v => Says(text, language.Of(v))) || SaysMost(text, c.Text)));
                break;
            case Intent.Pattern when context.Patterns.FirstOrDefault(p => p.Insights.Count > 0) is { } patterns:
                yield return ("the main pattern", Mentions(text, patterns.Insights[0], language));
                break;
            case Intent.DataQuestion when context.DataQuestion?.Answer?.Result is { Rows.Count: > 0 } table:
                yield return ("the result", table.Rows[0].Cells.Any(c => !c.IsNull && c.Text.Length > 0 && Says(text, c.Text)) || SaysAFigure(text, language));
                break;
            default:
                break;
        }
    }

    /// <summary>A sentence that advises another option than the weighed one, and not that one as well.</summary>
    private static bool RecommendsAnother(string text, DecisionAnalysis decision)
    {
        var recommended = decision.Options.First(o => o.Name == decision.Recommended).Label;
        var advice = Generation.Sentences.Of(text).Where(s => Advises().IsMatch(s)).ToList();
        return decision.Options.Where(o => o.Name != decision.Recommended).Any(other =>
            advice.Any(sentence => SaysMost(sentence, other.Label) && !SaysMost(sentence, recommended) && !Conditional().IsMatch(sentence)));
    }

    private static bool SaysAFigure(string text, Language language) => FigureReader.Read(text, language.Culture).Count > 0;

    private static bool Mentions(string text, Insight insight, Language language) =>
        (insight.Effect is { Unit: "days" } effect && Says(text, language.Number(Math.Abs(effect.Value), 1)))
        || insight.Figures.Values.Any(v => v.KindCase is not (Value.KindOneofCase.None or Value.KindOneofCase.Unknown) && Says(text, language.Of(v)))
        || SaysMost(text, InsightWords.Title(insight)) || SaysMost(text, insight.Text);

    private static bool Says(string text, string words) => words.Length > 0 && text.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Most of the longer words of a phrase occur: a paraphrase counts, another statement does not.</summary>
    private static bool SaysMost(string text, string phrase)
    {
        var words = Word().Matches(phrase).Select(m => m.Value).Where(w => w.Length > 3).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return words.Count == 0 || words.Count(w => text.Contains(w.Length > 5 ? w[..5] : w, StringComparison.OrdinalIgnoreCase)) >= 0.6 * words.Count;
    }

    [GeneratedRegex(@"\b(?:recommend|advis|suggest|should|best to|go ahead)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Advises();

    [GeneratedRegex(@"\b(?:if|would|not|instead of|rather than|against|also weighed|alternative)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
