using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>
/// The recommendation first, then what speaks for and against it, the money, what would change it and what is not known. Who asks what would change it
/// reads that before the rest.
/// </summary>
internal static partial class DecisionAnswer
{
    private const int MostEvidence = 5;
    private const string WhatWouldChange = "**What would change this**";

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        var decision = context.Decision;
        var name = context.Entities.FirstOrDefault()?.Name;
        if (decision is null)
        {
            text.Paragraph("I cannot weigh this decision right now.", context.Facts.Count > 0 ? "These are the facts that it would rest on:" : null);
            StatusAnswer.Write(text, context, language);
            return;
        }

        if (decision.Recommended.Length == 0)
        {
            text.Paragraph(
                decision.Framework.Length == 0
                    ? "I have no way to weigh this kind of decision, so I make no recommendation."
                    : $"**No recommendation: too little is known{(name is null ? string.Empty : $" about {name}")}.**");
            text.List("**What is missing**", decision.Missing.Select(Sentence));
            Evidence(text, decision);
            return;
        }

        var best = decision.Options.FirstOrDefault(o => o.Name == decision.Recommended);
        text.Paragraph(
            $"**Recommendation{(name is null ? string.Empty : $" for {name}")}: {best?.Label ?? decision.Recommended.Replace('_', ' ')}.**",
            $"Confidence {language.Percent(Math.Round(decision.Confidence, 2))}; {Risk(decision.Risk)}.");
        var asksForChange = AsksForChange().IsMatch(context.Query);
        if (asksForChange)
        {
            text.List(WhatWouldChange, decision.WouldChange);
        }

        text.Paragraph(Reason(decision));
        Evidence(text, decision);
        Money(text, decision, language);
        if (!asksForChange)
        {
            text.List(WhatWouldChange, decision.WouldChange);
        }

        text.List("**Not known**", decision.Missing.Select(Sentence));
        var others = decision.Options.Skip(1).Select(o => o.Label).ToList();
        text.Paragraph(others.Count > 0 ? $"Also weighed: {string.Join("; ", others)}." : null);
    }

    private static string? Reason(DecisionAnalysis decision)
    {
        var carried = decision.EvidenceFor.Concat(decision.EvidenceAgainst).FirstOrDefault(c => c.Key.Length > 0 && c.Key == decision.MainReason);
        var forAction = decision.EvidenceFor.Sum(c => c.Weight * c.Score) >= -decision.EvidenceAgainst.Sum(c => c.Weight * c.Score);

        // Where more speaks for the action than against it, and still it is not recommended in full, one reason alone would sound like the opposite.
        if (forAction && carried is not null && decision.EvidenceAgainst.Contains(carried) && decision.EvidenceFor.FirstOrDefault() is { } support)
        {
            return $"What counts most for doing what was asked: {Said(support)} What counts most against it: {Said(carried)}";
        }

        return (carried ?? (forAction ? decision.EvidenceFor : decision.EvidenceAgainst).FirstOrDefault()) is { } reason ? $"The main reason: {Said(reason)}" : null;
    }

    private static string Said(Consideration reason) => Clause(reason.Text) + References.ToIds([reason.SourceId]);

    private static void Money(AnswerText text, DecisionAnalysis decision, Language language)
    {
        if (decision.ExpectedValue is not { } value)
        {
            text.List("**Assumptions**", decision.Assumptions);
            return;
        }

        var amount = Language.Amount(value);
        var parts = decision is { ExpectedBenefit: { } benefit, ExpectedCost: { } cost }
            ? $" (it brings {language.About(benefit)} and costs {language.About(cost)})"
            : string.Empty;
        var result = amount > 0 ? "a gain of " : amount < 0 ? "a cost of " : string.Empty;
        text.List($"**Money** – doing what was asked would come to {result}{language.About(value)} over one year{parts}, assuming:", decision.Assumptions);
    }

    private static void Evidence(AnswerText text, DecisionAnalysis decision)
    {
        text.List("**For**", decision.EvidenceFor.Take(MostEvidence).Select(c => c.Text + References.ToIds([c.SourceId])));
        text.List("**Against**", decision.EvidenceAgainst.Take(MostEvidence).Select(c => c.Text + References.ToIds([c.SourceId])));
    }

    private static string Risk(Platform.Contracts.ContextSynthesis.V1.Risk risk) => risk switch
    {
        Contracts.ContextSynthesis.V1.Risk.Low => "risk: low",
        Contracts.ContextSynthesis.V1.Risk.Medium => "risk: medium",
        Contracts.ContextSynthesis.V1.Risk.High => "risk: high",
        _ => "risk not assessed",
    };

    private static string Clause(string sentence) => sentence.Length > 1 && char.IsUpper(sentence[0]) && char.IsLower(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;

    private static string Sentence(string missing) => Language.Capital(missing.TrimEnd('.')) + ".";

    [GeneratedRegex(@"\bchange (?:your|its|the) (?:mind|recommendation|decision|answer)\b|\bwhat (?:would|could|might|must|has to|have to|needs? to) (?:have to |need to )?change\b|\bwhat would (?:make|turn|tip) \b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForChange();
}
