using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>The weighed decision: its evidence, money effect, assumptions and conditions.</summary>
internal static class DecisionFigures
{
    public static void Add(KnownFigures figures, SynthesizedContext context)
    {
        figures.Add(FigureKind.Ratio, context.Confidence, new Cue([" confiden", " certain", " sure"]));
        if (context.Decision is not { } decision)
        {
            return;
        }

        var owner = context.Entities.FirstOrDefault()?.Id;
        figures.Add(FigureKind.Ratio, decision.Confidence, new Cue([" confiden", " certain", " sure"]));
        foreach (var value in new[] { decision.ExpectedValue, decision.ExpectedBenefit, decision.ExpectedCost }.OfType<Money>())
        {
            figures.Add(FigureKind.Money, (double)Language.Amount(value), new Cue([" expect", " cost", " gain", " benefit", " result", " loss", " lose", " money", " worth", " bring", " save", " value", " net ", " would come to"]), currency: value.Currency);

            // The span of the expected value (expected_value of context_synthesis.proto is yearly).
            figures.Add(FigureKind.Days, 365, new Cue([" expect", " year", " result", " cost", " gain", " come to"]));
        }

        figures.Add(FigureKind.Number, decision.Options.Count, new Cue([" option", " way", " choice", " weigh"]), things: "option");
        foreach (var consideration in decision.EvidenceFor.Concat(decision.EvidenceAgainst))
        {
            figures.AddText(consideration.Text, owner, Measures.OfFact(consideration.Key, consideration.Text));
            figures.Add(FigureKind.Ratio, consideration.Weight, new Cue([" weight", " weigh"]));
            foreach (var (key, figure) in consideration.Figures)
            {
                figures.Add(figure, Cue.From(consideration.Text).Or(Measures.OfFact(key, key.Replace('_', ' '))), owner, FactFigures.ThingsOf(key));
            }
        }

        foreach (var sensitivity in decision.Sensitivity)
        {
            var cue = Cue.From(sensitivity.Label + " " + sensitivity.Text);
            figures.Add(sensitivity.Current, cue, owner);
            figures.Add(sensitivity.Threshold, cue, owner);
            figures.AddText(sensitivity.Text, owner);
        }

        foreach (var text in decision.WouldChange.Concat(decision.Missing).Concat(decision.Assumptions).Concat(decision.Options.Select(o => o.Label)))
        {
            figures.AddText(text);
        }
    }
}
