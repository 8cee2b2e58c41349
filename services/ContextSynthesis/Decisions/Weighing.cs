namespace Platform.ContextSynthesis.Decisions;

/// <summary>
/// A framework applied to the figures of one customer. Total = Σ weight × score over what is known ÷ the weight of what is
/// known. The best option is the one whose range the total falls in, or a later one when a limit applies.
/// </summary>
internal sealed class Weighing
{
    private readonly IReadOnlyDictionary<string, Reading> _limiting;

    public Weighing(WeighedFramework framework, IReadOnlyList<WeighedReading> known, IReadOnlyDictionary<string, Reading> limiting)
    {
        (Framework, Known, _limiting) = (framework, known, limiting);
        Coverage = known.Sum(k => k.Weight);
        Total = Coverage > 0 ? known.Sum(k => k.Weight * k.Score) / Coverage : 0;
        Limits = [.. framework.Definition.Limits.Where(l => limiting.TryGetValue(l.Measure, out var reading) && l.Applies(reading.Value)).Select(l => new AppliedLimit(l, limiting[l.Measure]))];
        Unlimited = framework.BestAt(Total);
        Best = Limits.Select(l => framework.PositionOf(l.Limit.Best)).Append(Unlimited).Max();
    }

    public WeighedFramework Framework { get; }

    public IReadOnlyList<WeighedReading> Known { get; }

    /// <summary>Weight of what is known, 0 to 1.</summary>
    public double Coverage { get; }

    /// <summary>-1 (against the action) to 1 (for it).</summary>
    public double Total { get; }

    public IReadOnlyList<AppliedLimit> Limits { get; }

    /// <summary>Position of the best option by weight alone.</summary>
    public int Unlimited { get; }

    /// <summary>Position of the option to recommend.</summary>
    public int Best { get; }

    /// <summary>Limits that change the recommendation.</summary>
    public IEnumerable<AppliedLimit> Binding => Limits.Where(l => Best != Unlimited && Framework.PositionOf(l.Limit.Best) == Best);

    public static Weighing Of(WeighedFramework framework, Measures measures)
    {
        var known = new List<WeighedReading>();
        foreach (var (consideration, curve) in framework.Considerations)
        {
            if (measures.Read(consideration.Measure) is { } reading)
            {
                known.Add(new WeighedReading(consideration, curve, reading, reading.Value));
            }
        }

        var limiting = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var measure in framework.Definition.Limits.Select(l => l.Measure).Distinct(StringComparer.Ordinal))
        {
            if (measures.Read(measure) is { } reading)
            {
                limiting[measure] = reading;
            }
        }

        return new Weighing(framework, known, limiting);
    }

    /// <summary>The figure as it is weighed or limits; null when it is not known.</summary>
    public Reading? Find(string measure) => Known.FirstOrDefault(k => k.Measure == measure)?.Reading ?? _limiting.GetValueOrDefault(measure);

    /// <summary>The same customer with one figure changed, and with it every measure of the same figure.</summary>
    public Weighing With(string measure, double value)
    {
        double At(string other, double present) => other == measure ? value : MeasureCatalog.Implied(measure, value, other, present) ?? present;
        return new Weighing(
            Framework,
            [.. Known.Select(k => k with { Value = At(k.Measure, k.Value) })],
            _limiting.ToDictionary(l => l.Key, l => l.Value with { Value = At(l.Key, l.Value.Value) }, StringComparer.Ordinal));
    }
}
