using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>A figure that a decision rests on.</summary>
/// <param name="Value">The number that the curve is applied to.</param>
/// <param name="Shown">The same as a typed value, for the reader.</param>
/// <param name="Key">Fact kind or insight type.</param>
/// <param name="SourceId">Source.id in the context.</param>
/// <param name="NothingFound">A detector ran and found no change.</param>
/// <param name="SinceChange">It covers only the time since behaviour changed.</param>
/// <param name="BeforeAndAfterChange">It covers the time before behaviour changed as well.</param>
internal sealed record Reading(double Value, Value Shown, string Key, string SourceId, bool NothingFound = false, bool SinceChange = false, bool BeforeAndAfterChange = false)
{
    public Dictionary<string, Value> Figures { get; } = new(StringComparer.Ordinal);
}

/// <summary>A reading with its place in a framework.</summary>
internal sealed record WeighedReading(FrameworkConsideration Consideration, Curve Curve, Reading Reading, double Value)
{
    public string Measure => Consideration.Measure;

    public double Weight => Consideration.Weight;

    public double Score => Curve.At(Value);

    public Consideration ToEvidence()
    {
        var template = Reading.NothingFound && Consideration.Neutral is not null ? Consideration.Neutral
            : Value == 0 && Consideration.Zero is not null ? Consideration.Zero
            : Value < 0 && Consideration.Negative is not null ? Consideration.Negative
            : Score > 0 ? Consideration.For
            : Consideration.Against;
        var text = Templates.Fill(template, Reading.Shown);
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
            Label = MeasureCatalog.Of(Measure).Label,
            Text = text,
            Weight = Weight,
            Score = Math.Round(Score, 4),
            SourceId = Reading.SourceId,
        };
        evidence.Figures.Add(Reading.Figures);
        return evidence;
    }
}

/// <summary>A limit that applies, with the figure that makes it apply.</summary>
internal sealed record AppliedLimit(FrameworkLimit Limit, Reading Reading)
{
    public Consideration ToEvidence()
    {
        var evidence = new Consideration
        {
            Key = Reading.Key,
            Label = MeasureCatalog.Of(Limit.Measure).Label,
            Text = Templates.Fill(Limit.Text, Reading.Shown),
            Score = -1,
            SourceId = Reading.SourceId,
        };
        evidence.Figures.Add(Reading.Figures);
        return evidence;
    }
}

/// <summary>Sentences of a framework with their figures.</summary>
internal static class Templates
{
    /// <summary>{value} is the figure, {magnitude} the figure without its sign.</summary>
    public static string Fill(string template, Value shown) => template
        .Replace("{value}", Wording.Of(shown), StringComparison.Ordinal)
        .Replace("{magnitude}", Wording.Of(Absolute(shown)), StringComparison.Ordinal);

    private static Value Absolute(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.Ratio => new Value { Ratio = Math.Abs(value.Ratio) },
        Value.KindOneofCase.Days => new Value { Days = Math.Abs(value.Days) },
        _ => value,
    };
}
