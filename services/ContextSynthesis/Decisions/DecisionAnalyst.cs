using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>
/// Weighs a decision. Total = Σ weight × score over what is known, divided by the weight of what is known. The best option
/// is where the total falls; confidence = known weight × (0.55 + 0.45 × distance to the next option ÷ 0.3, at most 1)
/// × (0.5 + 0.5 × paid invoices ÷ 12, at most 1) × 0.8 when anything is stale, at most 0.95. Below half of the weight nothing
/// is recommended. No clock, no randomness, no model: the same context gives the same analysis.
/// </summary>
internal sealed class DecisionAnalyst(FrameworkCatalog frameworks)
{
    /// <summary>Least known weight for a recommendation.</summary>
    public const double LeastCoverage = 0.5;

    private const double Neutral = 0.05;
    private const double ClearMargin = 0.3;
    private const double EnoughInvoices = 12;
    private const int MostConditions = 4;

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

        var measures = new Measures(context, customers[0], framework.Definition.Money);
        var known = new List<WeighedReading>();
        foreach (var (consideration, curve) in framework.Considerations)
        {
            if (measures.Read(consideration.Measure) is { } reading)
            {
                known.Add(new WeighedReading(consideration, curve, reading, curve.At(reading.Value)));
            }
            else
            {
                analysis.Missing.Add(measures.Why(consideration.Measure));
            }
        }

        if (customers.Count > 1)
        {
            analysis.Assumptions.Add($"Weighed for {customers[0].Name} only.");
        }

        var coverage = known.Sum(k => k.Consideration.Weight);
        var total = coverage > 0 ? known.Sum(k => k.Consideration.Weight * k.Score) / coverage : 0;
        var best = framework.BestAt(total);
        AddEvidence(analysis, known);
        AddOptions(analysis, framework, total, best);
        AddMoney(analysis, framework, measures);

        if (framework.Definition.Stop is { } stop && measures.Read(stop.Measure) is { } stopping && stopping.Value <= stop.AtMost)
        {
            Settle(analysis, framework, stop, stopping);
            return analysis;
        }

        if (coverage < LeastCoverage)
        {
            return analysis;
        }

        analysis.Recommended = framework.Options[best].Option.Name;

        // What is not done in full is not done because of what speaks against it.
        analysis.MainReason = (best == 0 ? analysis.EvidenceFor : analysis.EvidenceAgainst).FirstOrDefault()?.Key ?? string.Empty;
        analysis.Confidence = ConfidenceOf(framework, total, best, coverage, measures);
        analysis.Risk = RiskOf(framework, total, known);
        AddConditions(analysis, framework, known, total, best, coverage);
        return analysis;
    }

    private static string QuestionOf(SynthesizedContext context) =>
        context.Understanding is { StandaloneQuery.Length: > 0 } understanding ? understanding.StandaloneQuery : context.Query;

    private static void AddEvidence(DecisionAnalysis analysis, List<WeighedReading> known)
    {
        foreach (var weighed in known.OrderByDescending(k => k.Consideration.Weight * Math.Abs(k.Score)).ThenBy(k => k.Consideration.Measure, StringComparer.Ordinal))
        {
            var side = weighed.Score > Neutral ? analysis.EvidenceFor : weighed.Score < -Neutral ? analysis.EvidenceAgainst : null;
            side?.Add(weighed.ToConsideration());
        }
    }

    private static void AddOptions(DecisionAnalysis analysis, WeighedFramework framework, double total, int best) =>
        analysis.Options.AddRange(framework.Options
            .Select((o, i) => (Position: i, Option: new DecisionOption { Name = o.Option.Name, Label = o.Option.Label, Score = Math.Round(framework.ScoreOf(i, total), 4) }))
            .OrderByDescending(o => o.Position == best).ThenByDescending(o => o.Option.Score).ThenBy(o => o.Position)
            .Select(o => o.Option));

    private static void AddMoney(DecisionAnalysis analysis, WeighedFramework framework, Measures measures)
    {
        if (framework.Definition.Money is not { } money || new ExpectedValue(money, measures).Compute() is not { } effect)
        {
            return;
        }

        analysis.ExpectedValue = effect.Net;
        analysis.Assumptions.AddRange(effect.Assumptions);
        if (effect.BreakEven is not null)
        {
            analysis.Assumptions.Add(effect.BreakEven);
        }
    }

    private static void Settle(DecisionAnalysis analysis, WeighedFramework framework, FrameworkStop stop, Reading reading)
    {
        var option = analysis.Options.First(o => o.Name == stop.Option);
        analysis.Options.Remove(option);
        analysis.Options.Insert(0, option);
        analysis.Recommended = stop.Option;
        analysis.Confidence = 0.95;
        analysis.Risk = Risk.Low;
        analysis.ExpectedValue = null;
        analysis.Assumptions.Clear();

        // What speaks against the action is what speaks for the option that settles it, so the reason goes there.
        analysis.EvidenceAgainst.Clear();
        analysis.EvidenceFor.Clear();
        var reason = new Consideration { Key = reading.Key, Text = stop.Text, Weight = 1, Score = -1, SourceId = reading.SourceId };
        reason.Figures.Add(reading.Figures);
        analysis.EvidenceAgainst.Add(reason);
        analysis.Missing.Clear();
        analysis.WouldChange.Add("If an invoice became overdue, I would weigh this again.");
    }

    private static double ConfidenceOf(WeighedFramework framework, double total, int best, double coverage, Measures measures)
    {
        var upper = best == 0 ? double.PositiveInfinity : framework.Options[best - 1].Option.From - total;
        var lower = best == framework.Options.Count - 1 ? double.PositiveInfinity : total - framework.Options[best].Option.From;
        var clarity = Math.Min(1, Math.Min(upper, lower) / ClearMargin);
        var sample = measures.PaidInvoices is { } paid ? 0.5 + (0.5 * Math.Min(1, paid / EnoughInvoices)) : 1;
        var fresh = measures.FactsAreStale || measures.PatternsAreStale ? 0.8 : 1;
        return Math.Round(Math.Clamp(coverage * (0.55 + (0.45 * clarity)) * sample * fresh, 0, 0.95), 4);
    }

    private static Risk RiskOf(WeighedFramework framework, double total, List<WeighedReading> known)
    {
        var sign = framework.Definition.Risk == "for" ? -1 : 1;
        var safety = sign * total;
        if (safety < -0.2)
        {
            return Risk.High;
        }

        return safety < 0.3 || known.Any(k => k.Consideration.Weight >= 0.15 && sign * k.Score <= -0.8) ? Risk.Medium : Risk.Low;
    }

    private static void AddConditions(DecisionAnalysis analysis, WeighedFramework framework, List<WeighedReading> known, double total, int best, double coverage)
    {
        var conditions = new List<(double Distance, string Text)>();
        var upward = false;
        foreach (var weighed in known)
        {
            if (best > 0)
            {
                Add(weighed, framework.Options[best - 1].Option.From, framework.Options[best - 1].Option.Label);
            }

            if (best < framework.Options.Count - 1)
            {
                // Just below the boundary the next option takes over.
                Add(weighed, framework.Options[best].Option.From - 0.001, framework.Options[best + 1].Option.Label);
            }
        }

        analysis.WouldChange.AddRange(conditions.OrderBy(c => c.Distance).ThenBy(c => c.Text, StringComparer.Ordinal).Take(MostConditions).Select(c => c.Text));
        if (conditions.Count == 0)
        {
            analysis.WouldChange.Add("No single figure would change this; several would have to change together.");
        }
        else if (best > 0 && !upward)
        {
            analysis.WouldChange.Add($"No single figure would be enough to {framework.Options[best - 1].Option.Label}; several would have to change together.");
        }

        foreach (var (consideration, curve) in framework.Considerations.Where(c => known.All(k => k.Consideration != c.Consideration)))
        {
            if (framework.BestAt(With(-1)) != best || framework.BestAt(With(1)) != best)
            {
                analysis.WouldChange.Add($"Knowing {Measures.LabelOf(consideration.Measure)} could change this.");
            }

            double With(double score) => ((total * coverage) + (consideration.Weight * score)) / (coverage + consideration.Weight);
        }

        void Add(WeighedReading weighed, double boundary, string label)
        {
            var needed = weighed.Score + ((boundary - total) * coverage / weighed.Consideration.Weight);
            if (weighed.Condition(needed) is { } condition)
            {
                conditions.Add((Math.Abs(needed - weighed.Score), $"If {condition}, I would recommend to {label}."));
                upward |= boundary > total;
            }
        }
    }
}

/// <summary>A reading with its place in a framework.</summary>
internal sealed record WeighedReading(FrameworkConsideration Consideration, Curve Curve, Reading Reading, double Score)
{
    public Consideration ToConsideration()
    {
        var template = Reading.NothingFound && Consideration.Neutral is not null ? Consideration.Neutral
            : Reading.Value == 0 && Consideration.Zero is not null ? Consideration.Zero
            : Reading.Value < 0 && Consideration.Negative is not null ? Consideration.Negative
            : Score > 0 ? Consideration.For
            : Consideration.Against;
        var text = template
            .Replace("{value}", Wording.Of(Reading.Shown), StringComparison.Ordinal)
            .Replace("{magnitude}", Wording.Of(Absolute(Reading.Shown)), StringComparison.Ordinal);
        if (Reading.SinceChange)
        {
            text = $"Since its payment timing changed: {char.ToLowerInvariant(text[0])}{text[1..]}";
        }

        if (Reading.BeforeAndAfterChange)
        {
            text = $"{text.TrimEnd('.')}, counting the time before its payment timing changed.";
        }

        var evidence = new Consideration
        {
            Key = Reading.Key,
            Text = text,
            Weight = Consideration.Weight,
            Score = Math.Round(Score, 4),
            SourceId = Reading.SourceId,
        };
        evidence.Figures.Add(Reading.Figures);
        return evidence;
    }

    /// <summary>"its overdue share were 10% or less": rounded so that the stated value does reach the needed score.</summary>
    public string? Condition(double neededScore)
    {
        if (Math.Abs(neededScore) > 1 || Curve.ValueFor(neededScore) is not { } exact)
        {
            return null;
        }

        var upward = exact > Reading.Value;
        var step = Reading.Shown.KindCase == Value.KindOneofCase.Ratio ? (Consideration.Measure == "expected_value_share" ? 0.001 : 0.01) : 0.1;
        var rounded = upward ? Math.Ceiling((exact / step) - 1e-9) * step : Math.Floor((exact / step) + 1e-9) * step;
        var signed = Consideration.Measure is "payment_shift" or "order_trend" or "expected_value_share";
        if ((rounded < 0 && !signed) || (Consideration.Measure is "late_rate" or "overdue_share" or "old_overdue_share" or "rush_share" && rounded > 1)
            || Math.Round(rounded, 4) == Math.Round(Reading.Value, 4))
        {
            return null;
        }

        var shown = Reading.Shown.KindCase == Value.KindOneofCase.Ratio ? new Value { Ratio = Math.Round(rounded, 4) } : new Value { Days = Math.Round(rounded, 4) };
        return Consideration.Change
            .Replace("{value}", Wording.Of(shown), StringComparison.Ordinal)
            .Replace("{direction}", upward ? "more" : "less", StringComparison.Ordinal);
    }

    private static Value Absolute(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.Ratio => new Value { Ratio = Math.Abs(value.Ratio) },
        Value.KindOneofCase.Days => new Value { Days = Math.Abs(value.Days) },
        _ => value,
    };
}
