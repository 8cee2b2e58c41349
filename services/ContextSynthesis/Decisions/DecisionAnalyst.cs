using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>
/// Weighs a decision. Confidence = known weight × (0.55 + 0.45 × distance to the next option ÷ 0.3, at most 1)
/// × (0.5 + 0.5 × paid invoices ÷ 12, at most 1) × 0.8 when anything is stale, at most 0.95; a limit that decides counts as
/// a clear distance. Below the framework's least known weight nothing is recommended. No clock, no randomness, no model: the
/// same context gives the same analysis.
/// </summary>
internal sealed class DecisionAnalyst(FrameworkCatalog frameworks)
{
    private const double Neutral = 0.05;
    private const double ClearMargin = 0.3;
    private const double EnoughInvoices = 12;
    private const double MostConfidence = 0.95;
    private const double Stale = 0.8;

    /// <summary>The framework to use, or null when the name is unknown. An empty name means the understanding's.</summary>
    public WeighedFramework? Choose(string requested, SynthesizedContext context) =>
        frameworks.Find(requested.Length > 0 ? requested : context.Understanding?.Framework ?? string.Empty);

    /// <summary>What is answered when the question is about a decision that no framework covers.</summary>
    public DecisionAnalysis NoFramework(SynthesizedContext context)
    {
        var analysis = new DecisionAnalysis { Question = QuestionOf(context), Risk = Risk.Unspecified };
        analysis.Missing.Add("a framework for this kind of decision; I can weigh these: "
            + string.Join("; ", frameworks.All.Select(f => f.Definition.Title.ToLowerInvariant())));
        return analysis;
    }

    public DecisionAnalysis Analyze(WeighedFramework framework, SynthesizedContext context)
    {
        var analysis = new DecisionAnalysis { Framework = framework.Name, Question = QuestionOf(context) };
        var customers = context.Entities.Where(e => e.Type is EntityType.Customer or EntityType.Unspecified).ToList();
        if (customers.Count == 0)
        {
            analysis.Missing.Add("the customer that the decision is about");
            return analysis;
        }

        var measures = new Measures(context, customers[0], framework.Definition);
        var weighing = Weighing.Of(framework, measures);
        analysis.KnownWeight = Math.Round(weighing.Coverage, 4);
        analysis.Missing.AddRange(framework.Considerations.Select(c => c.Consideration.Measure).Where(m => weighing.Find(m) is null).Select(measures.Why));
        AddEvidence(analysis, weighing);
        AddOptions(analysis, weighing);
        if (framework.Definition.Stop is { } stop && measures.Read(stop.Measure) is { } stopping && stopping.Value <= stop.AtMost)
        {
            Settle(analysis, stop, stopping, Freshness(measures));
            return analysis;
        }

        AddMoney(analysis, framework, measures);
        if (customers.Count > 1)
        {
            analysis.Assumptions.Add($"Weighed for {customers[0].Name} only.");
        }

        if (weighing.Coverage < framework.Definition.LeastKnown)
        {
            return analysis;
        }

        analysis.Recommended = framework.Options[weighing.Best].Option.Name;
        analysis.MainReason = MainReason(analysis, weighing);
        analysis.Confidence = ConfidenceOf(weighing, measures);
        analysis.Risk = RiskOf(weighing);
        AddConditions(analysis, weighing);
        return analysis;
    }

    private static string QuestionOf(SynthesizedContext context) =>
        context.Understanding is { StandaloneQuery.Length: > 0 } understanding ? understanding.StandaloneQuery : context.Query;

    private static void AddEvidence(DecisionAnalysis analysis, Weighing weighing)
    {
        analysis.EvidenceAgainst.AddRange(weighing.Limits.Select(l => l.ToEvidence()));
        foreach (var weighed in weighing.Known.OrderByDescending(k => k.Weight * Math.Abs(k.Score)).ThenBy(k => k.Measure, StringComparer.Ordinal))
        {
            var side = weighed.Score > Neutral ? analysis.EvidenceFor : weighed.Score < -Neutral ? analysis.EvidenceAgainst : null;
            side?.Add(weighed.ToEvidence());
        }
    }

    private static void AddOptions(DecisionAnalysis analysis, Weighing weighing) =>
        analysis.Options.AddRange(weighing.Framework.Options
            .Select((o, i) => (Position: i, Option: new DecisionOption { Name = o.Option.Name, Label = o.Option.Label, Score = Math.Round(weighing.Framework.ScoreOf(i, weighing.Total), 4) }))
            .OrderByDescending(o => o.Position == weighing.Best).ThenByDescending(o => o.Option.Score).ThenBy(o => o.Position)
            .Select(o => o.Option));

    private static void AddMoney(DecisionAnalysis analysis, WeighedFramework framework, Measures measures)
    {
        if (framework.Definition.Money is null)
        {
            return;
        }

        if (measures.Effect is not { } effect)
        {
            analysis.Missing.Add("what it would bring and cost: not every figure that this follows from is known");
            return;
        }

        (analysis.ExpectedBenefit, analysis.ExpectedCost, analysis.ExpectedValue) = (effect.Benefit, effect.Cost, effect.Net);
        analysis.Assumptions.AddRange(effect.Assumptions);
        if (effect.BreakEven is not null)
        {
            analysis.Assumptions.Add(effect.BreakEven);
        }
    }

    private static void Settle(DecisionAnalysis analysis, FrameworkStop stop, Reading reading, double freshness)
    {
        var option = analysis.Options.First(o => o.Name == stop.Option);
        analysis.Options.Remove(option);
        analysis.Options.Insert(0, option);
        analysis.Recommended = stop.Option;
        analysis.Confidence = Math.Round(MostConfidence * freshness, 4);
        analysis.Risk = Risk.Low;

        // What settles the question is the only reason that counts.
        analysis.EvidenceAgainst.Clear();
        analysis.EvidenceFor.Clear();
        var reason = new Consideration { Key = reading.Key, Label = MeasureCatalog.Of(stop.Measure).Label, Text = stop.Text, Weight = 1, Score = -1, SourceId = reading.SourceId };
        reason.Figures.Add(reading.Figures);
        analysis.EvidenceAgainst.Add(reason);
        analysis.MainReason = reason.Key;
        analysis.Missing.Clear();
        analysis.WouldChange.Add(stop.Again);
    }

    /// <summary>What is not done in full is not done because of what speaks against it.</summary>
    private static string MainReason(DecisionAnalysis analysis, Weighing weighing) =>
        weighing.Binding.FirstOrDefault()?.Reading.Key
        ?? (weighing.Best == 0 ? analysis.EvidenceFor : analysis.EvidenceAgainst).MaxBy(c => c.Weight * Math.Abs(c.Score))?.Key
        ?? string.Empty;

    private static double ConfidenceOf(Weighing weighing, Measures measures)
    {
        var options = weighing.Framework.Options;
        var upper = weighing.Best == 0 ? double.PositiveInfinity : options[weighing.Best - 1].Option.From - weighing.Total;
        var lower = weighing.Best == options.Count - 1 ? double.PositiveInfinity : weighing.Total - options[weighing.Best].Option.From;
        var clarity = weighing.Best != weighing.Unlimited ? 1 : Math.Min(1, Math.Min(upper, lower) / ClearMargin);
        var sample = measures.PaidInvoices is { } paid ? 0.5 + (0.5 * Math.Min(1, paid / EnoughInvoices)) : 1;
        return Math.Round(Math.Clamp(weighing.Coverage * (0.55 + (0.45 * clarity)) * sample * Freshness(measures), 0, MostConfidence), 4);
    }

    private static double Freshness(Measures measures) => measures.FactsAreStale || measures.PatternsAreStale ? Stale : 1;

    private static Risk RiskOf(Weighing weighing)
    {
        var sign = weighing.Framework.Definition.Risk == "for" ? -1 : 1;
        var safety = sign * weighing.Total;
        if (safety < -0.2)
        {
            return Risk.High;
        }

        var alarming = weighing.Known.Any(k => k.Weight >= 0.15 && sign * k.Score <= -0.8) || (sign > 0 && weighing.Limits.Count > 0);
        return safety < 0.3 || alarming ? Risk.Medium : Risk.Low;
    }

    private static void AddConditions(DecisionAnalysis analysis, Weighing weighing)
    {
        var framework = weighing.Framework;
        analysis.Sensitivity.AddRange(SensitivityFinder.Find(weighing));
        foreach (var limit in weighing.Binding.Where(l => l.Limit.Change is not null))
        {
            analysis.WouldChange.Add($"If {limit.Limit.Change}, I would recommend to {framework.Options[weighing.Unlimited].Option.Label}.");
        }

        analysis.WouldChange.AddRange(analysis.Sensitivity.Select(s => s.Text));
        if (analysis.WouldChange.Count == 0)
        {
            analysis.WouldChange.Add("No single figure would change this; several would have to change together.");
        }
        else if (weighing.Best > 0 && analysis.Sensitivity.All(s => framework.PositionOf(s.Option) > weighing.Best) && weighing.Best == weighing.Unlimited)
        {
            analysis.WouldChange.Add($"No single figure would be enough to {framework.Options[weighing.Best - 1].Option.Label}; several would have to change together.");
        }

        foreach (var (consideration, _) in framework.Considerations.Where(c => weighing.Known.All(k => k.Consideration != c.Consideration)))
        {
            if (framework.BestAt(With(-1)) != weighing.Best || framework.BestAt(With(1)) != weighing.Best)
            {
                analysis.WouldChange.Add($"Knowing {MeasureCatalog.Of(consideration.Measure).Label} could change this.");
            }

            double With(double score) => ((weighing.Total * weighing.Coverage) + (consideration.Weight * score)) / (weighing.Coverage + consideration.Weight);
        }
    }
}
