using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>
/// Looks for single figures that would change the recommendation, all others unchanged. A value is solved from the
/// framework's curve, rounded to what a reader is told, and kept only when weighing it again does change the outcome.
/// </summary>
internal static class SensitivityFinder
{
    private const int Most = 4;

    /// <summary>Nearest first, measured by how far the score of the figure moves.</summary>
    public static IReadOnlyList<Sensitivity> Find(Weighing weighing)
    {
        var found = new List<(double Distance, Sensitivity Condition)>();
        foreach (var weighed in weighing.Known)
        {
            var flips = Candidates(weighing, weighed).Distinct()
                .Select(value => (Value: value, weighing.With(weighed.Measure, value).Best))
                .Where(flip => flip.Best != weighing.Best);

            // Of several values on one side the nearest is told.
            foreach (var side in flips.GroupBy(flip => flip.Value > weighed.Value))
            {
                var (value, best) = side.MinBy(flip => Math.Abs(flip.Value - weighed.Value));
                found.Add((Math.Abs(weighed.Curve.At(value) - weighed.Score), Condition(weighing, weighed, value, best)));
            }
        }

        return [.. found.OrderBy(f => f.Distance).ThenBy(f => f.Condition.Text, StringComparer.Ordinal).Take(Most).Select(f => f.Condition)];
    }

    private static IEnumerable<double> Candidates(Weighing weighing, WeighedReading weighed)
    {
        foreach (var boundary in weighing.Framework.Options.SkipLast(1).Select(o => o.Option.From))
        {
            foreach (var target in new[] { boundary, boundary - 0.001 })
            {
                var score = weighed.Score + ((target - weighing.Total) * weighing.Coverage / weighed.Weight);
                if (Math.Abs(score) <= 1 && weighed.Curve.ValueFor(score) is { } exact && Rounded(weighed, exact) is { } value)
                {
                    yield return value;
                }
            }
        }

        // A limit on the same figure gives way at its own value.
        foreach (var limit in weighing.Framework.Definition.Limits.Where(l => l.Measure == weighed.Measure))
        {
            var step = MeasureCatalog.Of(weighed.Measure).Step;
            foreach (var edge in new[] { limit.AtLeast, limit.AtLeast - step, limit.AtMost, limit.AtMost + step }.OfType<double>())
            {
                if (Rounded(weighed, edge) is { } value)
                {
                    yield return value;
                }
            }
        }
    }

    /// <summary>Away from the present value, so that the stated value does reach what was solved for.</summary>
    private static double? Rounded(WeighedReading weighed, double exact)
    {
        var measure = MeasureCatalog.Of(weighed.Measure);
        var rounded = exact > weighed.Value ? Math.Ceiling((exact / measure.Step) - 1e-9) * measure.Step : Math.Floor((exact / measure.Step) + 1e-9) * measure.Step;
        rounded = Math.Round(rounded, 4);
        return (rounded < 0 && !measure.MayBeNegative) || rounded > measure.Largest || rounded == Math.Round(weighed.Value, 4) ? null : rounded;
    }

    private static Sensitivity Condition(Weighing weighing, WeighedReading weighed, double value, int best)
    {
        var measure = MeasureCatalog.Of(weighed.Measure);
        var above = value > weighed.Value;
        var isDays = measure.Scale is MeasureScale.Days or MeasureScale.SignedDays;
        Value Typed(double number) => isDays ? new Value { Days = number } : new Value { Ratio = number };
        var condition = weighed.Consideration.Change
            .Replace("{value}", Wording.Of(Typed(value)), StringComparison.Ordinal)
            .Replace("{direction}", above ? "more" : "less", StringComparison.Ordinal);
        var option = weighing.Framework.Options[best].Option;
        return new Sensitivity
        {
            Key = weighed.Reading.Key,
            Label = measure.Label,
            Current = Typed(Math.Round(weighed.Value, 4)),
            Threshold = Typed(value),
            Above = above,
            Option = option.Name,
            Text = $"If {condition}, I would recommend to {option.Label}.",
        };
    }
}
