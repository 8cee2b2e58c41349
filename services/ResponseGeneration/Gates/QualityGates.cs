using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates;

/// <summary>What the gates found.</summary>
/// <param name="Score">Σ weight × score: numbers 0.4, entities 0.2, completeness 0.25, leakage 0.1, length 0.05.</param>
/// <param name="Passed">Every gate passed.</param>
/// <param name="IsGrounded">No invented figure, no invented name, no leaked instruction: what may be shown at all.</param>
/// <param name="Invented">Where in the text invented figures stand.</param>
internal sealed record GateReport(double Score, bool Passed, bool IsGrounded, IReadOnlyList<GateResult> Gates, IReadOnlyList<SaidFigure> Invented);

/// <summary>Checks a text against the context that it was written from.</summary>
internal static partial class QualityGates
{
    private const int ShortestText = 20;

    private static readonly (string Gate, double Weight)[] Weights =
        [("numbers", 0.4), ("entities", 0.2), ("completeness", 0.25), ("leakage", 0.1), ("length", 0.05)];

    public static GateReport Check(string text, SynthesizedContext context, Language language)
    {
        var (numbers, invented) = Numbers(text, context, language);
        GateResult[] gates = [numbers, Entities(text, context), Completeness(text, context, language), Leakage(text), Length(text, context)];
        var score = gates.Sum(g => g.Score * Weights.First(w => w.Gate == g.Gate).Weight);
        return new GateReport(
            Math.Round(score, 4),
            gates.All(g => g.Passed),
            gates.Where(g => g.Gate is "numbers" or "entities" or "leakage").All(g => g.Passed),
            gates,
            invented);
    }

    private static (GateResult Gate, IReadOnlyList<SaidFigure> Invented) Numbers(string text, SynthesizedContext context, Language language)
    {
        var said = FigureReader.Read(WithoutNames(text, context), language.Culture);
        var known = ContextFigures.From(context);
        var invented = said.Where(f => !known.Allows(f)).ToList();
        var score = said.Count == 0 ? 1 : 1 - ((double)invented.Count / said.Count);
        return (Result("numbers", score, invented.Count == 0, invented.Count == 0
            ? $"{said.Count} figures checked"
            : $"not in the context: {string.Join("; ", invented.Take(5).Select(f => f.Text))}"), invented);
    }

    private static GateResult Entities(string text, SynthesizedContext context)
    {
        var known = KnownText(context);
        var invented = CompanyName().Matches(text).Select(m => m.Value.Trim())
            .Where(n => !known.Contains(n, StringComparison.OrdinalIgnoreCase) && !known.Contains(Leading().Replace(n, string.Empty), StringComparison.OrdinalIgnoreCase))
            .Distinct().ToList();
        return Result("entities", invented.Count == 0 ? 1 : 0, invented.Count == 0, invented.Count == 0 ? "every name is in the context" : $"not in the context: {string.Join("; ", invented)}");
    }

    private static GateResult Completeness(string text, SynthesizedContext context, Language language)
    {
        var wants = new List<(string What, bool Has)>();
        if (!AnswerWriter.IsFixed(context))
        {
            wants.AddRange(context.Entities.Where(e => context.Facts.Any(f => f.Entity?.Id == e.Id) || context.Patterns.Any(p => p.Customer?.Id == e.Id))
                .Take(5).Select(e => ($"the name {e.Name}", Says(text, e.Name))));
            switch (context.Understanding?.Intent)
            {
                case Intent.Status when context.Facts.Any(f => f.Facts.Any(v => v.Value is { Unknown: "" })):
                    var values = context.Facts.SelectMany(f => f.Facts).Where(f => f.Value is { Unknown: "" }).Select(f => language.Of(f.Value)).ToList();
                    wants.Add(("a figure", values.Any(v => Says(text, v)) || FigureReader.Read(text, language.Culture).Count > 0));
                    break;
                case Intent.Decision when context.Decision is { Recommended.Length: > 0 } decision:
                    wants.Add(("the recommendation", SaysMost(text, decision.Options.First(o => o.Name == decision.Recommended).Label)));
                    wants.Add(("a reason", decision.EvidenceFor.Count + decision.EvidenceAgainst.Count == 0
                        || decision.EvidenceFor.Concat(decision.EvidenceAgainst).SelectMany(c => c.Figures.Values).Any(v => Says(text, language.Of(v)))
                        || decision.EvidenceFor.Concat(decision.EvidenceAgainst).Any(c => SaysMost(text, c.Text))));
                    break;
                case Intent.Pattern when context.Patterns.Any(p => p.Insights.Count > 0):
                    wants.Add(("the main pattern", Mentions(text, context.Patterns.First(p => p.Insights.Count > 0).Insights[0], language)));
                    break;
                case Intent.DataQuestion when context.DataQuestion?.Answer?.Result is { Rows.Count: > 0 } table:
                    wants.Add(("the result", table.Rows[0].Cells.Any(c => !c.IsNull && c.Text.Length > 0 && (Says(text, c.Text) || FigureReader.Read(text, language.Culture).Count > 0))));
                    break;
            }
        }
        else if (context.UnknownNames.Count > 0 && context.Entities.Count == 0 && context.Understanding?.Intent is not (Intent.Greeting or Intent.Help or Intent.OutOfScope or Intent.Remember))
        {
            wants.Add(("the unknown name", context.UnknownNames.Any(n => Says(text, n))));
        }

        var missing = wants.Where(w => !w.Has).Select(w => w.What).ToList();
        return Result("completeness", wants.Count == 0 ? 1 : 1 - ((double)missing.Count / wants.Count), missing.Count == 0, missing.Count == 0 ? "complete" : $"lacks {string.Join(", ", missing)}");
    }

    private static GateResult Leakage(string text)
    {
        var leak = Instruction().Match(text);
        return Result("leakage", leak.Success ? 0 : 1, !leak.Success, leak.Success ? $"contains \"{leak.Value}\"" : "nothing about instructions");
    }

    private static GateResult Length(string text, SynthesizedContext context)
    {
        var longest = context.Understanding?.Complexity switch
        {
            Complexity.Simple => 4_000,
            Complexity.Complex => 8_000,
            _ => 6_000,
        };
        var good = text.Trim().Length is var length && length >= ShortestText && length <= longest;
        return Result("length", good ? 1 : 0, good, $"{text.Trim().Length} characters, {ShortestText} to {longest} wanted");
    }

    private static bool Mentions(string text, Insight insight, Language language) =>
        (insight.Effect is { } effect && insight.Effect.Unit == "days" && Says(text, language.Number(Math.Abs(effect.Value), 1)))
        || insight.Figures.Values.Any(v => Says(text, language.Of(v))) || SaysMost(text, InsightWords.Title(insight)) || SaysMost(text, insight.Text);

    private static bool Says(string text, string words) => words.Length > 0 && text.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Most of the longer words of a phrase occur: a paraphrase counts, another statement does not.</summary>
    private static bool SaysMost(string text, string phrase)
    {
        var words = Word().Matches(phrase).Select(m => m.Value).Where(w => w.Length > 3).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return words.Count == 0 || words.Count(w => text.Contains(w.Length > 5 ? w[..5] : w, StringComparison.OrdinalIgnoreCase)) >= 0.6 * words.Count;
    }

    /// <summary>Digits of a name are not figures: "Delta 3000" or "INV-10233". Same length, so that positions stay.</summary>
    private static string WithoutNames(string text, SynthesizedContext context)
    {
        var names = context.Entities.SelectMany(e => (string[])[e.Name, e.Id])
            .Concat(context.Facts.Where(f => f.Entity is not null).Select(f => f.Entity.Name))
            .Concat(context.Patterns.Where(p => p.Customer is not null).Select(p => p.Customer.Name))
            .Concat(context.UnknownNames)
            .Concat(context.DataQuestion?.Answer?.Result?.Rows.SelectMany(r => r.Cells).Where(c => c.Text.Any(char.IsLetter)).Select(c => c.Text) ?? [])
            .Where(n => n.Any(char.IsAsciiDigit) && n.Any(char.IsLetter)).Distinct().OrderByDescending(n => n.Length);
        return names.Aggregate(text, (t, n) => t.Replace(n, new string('x', n.Length), StringComparison.OrdinalIgnoreCase));
    }

    private static string KnownText(SynthesizedContext context) => string.Join('\n',
        context.Entities.Select(e => e.Name)
            .Concat(context.Facts.Select(f => f.Entity?.Name ?? string.Empty))
            .Concat(context.Patterns.Select(p => p.Customer?.Name ?? string.Empty))
            .Concat(context.UnknownNames)
            .Concat(context.Memories.Select(m => m.Memory.Text))
            .Concat(context.Memories.SelectMany(m => m.Memory.Entities).Select(e => e.Name))
            .Concat(context.DataQuestion?.Answer is { } answer ? [answer.Text, .. answer.Result?.Rows.SelectMany(r => r.Cells).Select(c => c.Text) ?? []] : [])
            .Append(context.DataQuestion?.Refusal?.Text ?? string.Empty)
            .Concat(context.DataQuestion?.Refusal?.Suggestions ?? [])
            .Append(context.Query)
            // The help names an example.
            .Append(context.Understanding?.Intent == Intent.Help ? "Delta Industries" : string.Empty));

    private static GateResult Result(string gate, double score, bool passed, string reason) =>
        new() { Gate = gate, Score = Math.Round(score, 4), Passed = passed, Reason = reason };

    // A name is recognised by its legal form or trade word: a capital alone may begin any sentence.
    [GeneratedRegex(@"\b(?:[A-Z][\w&'’-]*[ ]){1,4}(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|LLP|PLC|GmbH|AG|KG|SA|SAS|SARL|BV|NV|AB|Oy|ApS|Industries|Holdings?|Group|Partners|Logistics|Systems|Technologies|Foods|Trading|Enterprises|Manufacturing|Supplies|Solutions)\b", RegexOptions.CultureInvariant)]
    private static partial Regex CompanyName();

    [GeneratedRegex(@"^(?:The|For|With|Of|And|But|While|If|Compare|Compared|Both|Unlike|Like|However|Although|Since|Because|Recommendation|Should|Does|Is|As|In|On|At|To|From|Invoices|Orders|Payments)\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(@"system prompt|as an ai\b|as a language model|my instructions|i (?:was|am) instructed|ignore (?:all |the )?previous|<context>|</context>|\[/?INST\]|<\|im_|BEGIN CONTEXT|END CONTEXT", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
