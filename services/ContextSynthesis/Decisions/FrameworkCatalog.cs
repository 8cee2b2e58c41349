using System.Collections.Frozen;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>The frameworks of this service, checked when read: a mistake in the data stops the start.</summary>
internal sealed class FrameworkCatalog
{
    private readonly FrozenDictionary<string, WeighedFramework> _byName;
    private readonly (Regex Words, WeighedFramework Framework)[] _matches;

    private FrameworkCatalog(IReadOnlyList<WeighedFramework> frameworks)
    {
        All = frameworks;
        _byName = frameworks.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        _matches = [.. frameworks.Select(f => (Words(f.Definition), f))];
    }

    public IReadOnlyList<WeighedFramework> All { get; }

    /// <summary>The frameworks that ship with the service.</summary>
    public static FrameworkCatalog BuiltIn()
    {
        using var stream = typeof(FrameworkCatalog).Assembly.GetManifestResourceStream("frameworks.yaml")
            ?? throw new InvalidOperationException("The resource frameworks.yaml is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd());
    }

    /// <summary>Throws <see cref="FormatException"/> naming the framework and what is wrong with it.</summary>
    public static FrameworkCatalog Read(string yaml)
    {
        var definitions = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
            .Deserialize<List<DecisionFramework>>(yaml) ?? [];
        if (definitions.Count == 0)
        {
            throw new FormatException("No decision framework is defined.");
        }

        if (definitions.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FormatException($"{twice.Key}: defined {twice.Count()} times.");
        }

        return new FrameworkCatalog([.. definitions.Select(WeighedFramework.From)]);
    }

    public WeighedFramework? Find(string name) => _byName.GetValueOrDefault(name);

    // Without backtracking a match takes time linear in the question, whatever the file holds.
    private static Regex Words(DecisionFramework definition)
    {
        try
        {
            return new Regex(definition.Match, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{definition.Name}: match is no expression that can be used: {mistake.Message}", mistake);
        }
    }

    /// <summary>The framework that a question is about; the first in file order when several match.</summary>
    public WeighedFramework? Match(string question) =>
        _matches.FirstOrDefault(m => m.Words.IsMatch(question)).Framework;
}

/// <summary>A framework with its curves ready to use.</summary>
internal sealed record WeighedFramework(DecisionFramework Definition, IReadOnlyList<(FrameworkConsideration Consideration, Curve Curve)> Considerations, IReadOnlyList<(FrameworkOption Option, double Offset)> Options)
{
    public string Name => Definition.Name;

    /// <summary>What it weighs, is limited and stopped by.</summary>
    public IEnumerable<Measure> Measures => Definition.Considerations.Select(c => c.Measure).Concat(Definition.Limits.Select(l => l.Measure))
        .Concat(Definition.Stop is null ? [] : [Definition.Stop.Measure]).Distinct(StringComparer.Ordinal).Select(MeasureCatalog.Of);

    public static WeighedFramework From(DecisionFramework definition)
    {
        var name = definition.Name.Length > 0 ? definition.Name : throw new FormatException("A decision framework has no name.");
        if (definition.Options.Count < 2)
        {
            throw new FormatException($"{name}: at least two options are needed.");
        }

        var measures = definition.Considerations.Select(c => c.Measure).Concat(definition.Limits.Select(l => l.Measure)).Concat(definition.Stop is null ? [] : [definition.Stop.Measure]);
        if (measures.FirstOrDefault(m => !MeasureCatalog.Knows(m)) is { } unknown)
        {
            throw new FormatException($"{name}: the measure \"{unknown}\" is unknown; known are {string.Join(", ", MeasureCatalog.All.Select(m => m.Name).Order(StringComparer.Ordinal))}.");
        }

        if (Math.Abs(definition.Considerations.Sum(c => c.Weight) - 1) > 1e-6)
        {
            throw new FormatException($"{name}: the weights add up to {definition.Considerations.Sum(c => c.Weight):0.###}, not 1.");
        }

        if (definition.Limits.Select(l => l.Best).Concat(definition.Stop is null ? [] : [definition.Stop.Option]).FirstOrDefault(o => definition.Options.All(known => known.Name != o)) is { } option)
        {
            throw new FormatException($"{name}: a limit or the stop names the option \"{option}\"; known are {string.Join(", ", definition.Options.Select(o => o.Name))}.");
        }

        if (definition.Limits.FirstOrDefault(l => l.AtLeast.HasValue == l.AtMost.HasValue) is { } vague)
        {
            throw new FormatException($"{name}: the limit on {vague.Measure} needs either atLeast or atMost.");
        }

        if (definition.Money is { } money && !ExpectedValue.Kinds.Contains(money.Kind))
        {
            throw new FormatException($"{name}: the money effect \"{money.Kind}\" is unknown; known are {string.Join(", ", ExpectedValue.Kinds)}.");
        }

        var options = definition.Options;
        var offsets = new double[options.Count];
        for (var i = 1; i < options.Count; i++)
        {
            if (options[i].Slope >= options[i - 1].Slope || options[i].From >= options[i - 1].From)
            {
                throw new FormatException($"{name}: slope and from must fall from option to option ({options[i].Name}).");
            }

            offsets[i] = offsets[i - 1] + ((options[i - 1].Slope - options[i].Slope) * options[i - 1].From);
        }

        return new WeighedFramework(
            definition,
            [.. definition.Considerations.Select(c => (c, Curve.From(c.Curve, $"{name}, {c.Measure}")))],
            [.. options.Select((o, i) => (o, offsets[i]))]);
    }

    public int PositionOf(string option) => Definition.Options.FindIndex(o => o.Name == option);

    /// <summary>The option that is best at a total score, by its position.</summary>
    public int BestAt(double total)
    {
        for (var i = 0; i < Options.Count - 1; i++)
        {
            if (total >= Options[i].Option.From)
            {
                return i;
            }
        }

        return Options.Count - 1;
    }

    public double ScoreOf(int option, double total) => Math.Clamp((Options[option].Option.Slope * total) + Options[option].Offset, -1, 1);
}
