using System.Collections.Frozen;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>The frameworks of this service, checked when read: a mistake in the data stops the start.</summary>
internal sealed class FrameworkCatalog
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    private readonly FrozenDictionary<string, WeighedFramework> _byName;
    private readonly (Regex Words, WeighedFramework Framework)[] _matches;

    private FrameworkCatalog(IReadOnlyList<WeighedFramework> frameworks)
    {
        All = frameworks;
        _byName = frameworks.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        _matches = [.. frameworks.Select(f => (new Regex(f.Definition.Match, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchLimit), f))];
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

    /// <summary>The framework that a question is about; the first in file order when several match.</summary>
    public WeighedFramework? Match(string question) =>
        _matches.FirstOrDefault(m => m.Words.IsMatch(question)).Framework;
}

/// <summary>A framework with its curves ready to use.</summary>
internal sealed record WeighedFramework(DecisionFramework Definition, IReadOnlyList<(FrameworkConsideration Consideration, Curve Curve)> Considerations, IReadOnlyList<(FrameworkOption Option, double Offset)> Options)
{
    public string Name => Definition.Name;

    public static WeighedFramework From(DecisionFramework definition)
    {
        var name = definition.Name.Length > 0 ? definition.Name : throw new FormatException("A decision framework has no name.");
        if (definition.Options.Count < 2)
        {
            throw new FormatException($"{name}: at least two options are needed.");
        }

        if (definition.Considerations.FirstOrDefault(c => !Measures.Known.Contains(c.Measure)) is { } unknown)
        {
            throw new FormatException($"{name}: the measure \"{unknown.Measure}\" is unknown; known are {string.Join(", ", Measures.Known.Order(StringComparer.Ordinal))}.");
        }

        if (Math.Abs(definition.Considerations.Sum(c => c.Weight) - 1) > 1e-6)
        {
            throw new FormatException($"{name}: the weights add up to {definition.Considerations.Sum(c => c.Weight):0.###}, not 1.");
        }

        if (definition.Stop is { } stop && (!Measures.Known.Contains(stop.Measure) || definition.Options.All(o => o.Name != stop.Option)))
        {
            throw new FormatException($"{name}: stop names an unknown measure ({stop.Measure}) or option ({stop.Option}).");
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
