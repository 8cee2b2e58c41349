using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Testing;
using YamlDotNet.RepresentationModel;

namespace Platform.Observability.Tests;

/// <summary>An alert of <c>deploy/prometheus/rules.yml</c>.</summary>
internal sealed record Alert(string Name, string Expression, string? RunbookUrl);

/// <summary>The files that Prometheus and Grafana read.</summary>
internal static partial class WatchFiles
{
    public static string Folder { get; } = Path.Combine(TestData.RepositoryRoot, "deploy");

    public static string Rules { get; } = Path.Combine(Folder, "prometheus", "rules.yml");

    public static IReadOnlyList<Alert> Alerts { get; } = [.. RuleNodes().Where(rule => Text(rule, "alert") is not null).Select(rule => new Alert(
        Text(rule, "alert")!, Text(rule, "expr")!, rule.Children.TryGetValue(new YamlScalarNode("annotations"), out var notes) ? Text((YamlMappingNode)notes, "runbook_url") : null))];

    /// <summary>Names that recording rules make.</summary>
    public static IReadOnlyList<string> Recorded { get; } = [.. RuleNodes().Select(rule => Text(rule, "record")).OfType<string>()];

    public static IReadOnlyList<(string Where, string Query)> Queries { get; } =
    [
        .. RuleNodes().Select(rule => (Text(rule, "alert") ?? Text(rule, "record")!, Text(rule, "expr")!)),
        .. Dashboards().SelectMany(file => Panels(file).Select(query => ($"{Path.GetFileName(file)}: {query.Panel}", query.Query))),
    ];

    public static IEnumerable<string> Dashboards() => Directory.EnumerateFiles(Path.Combine(Folder, "grafana"), "*.json").Order(StringComparer.Ordinal);

    /// <summary>Names of metrics and records that a query reads.</summary>
    public static IEnumerable<string> MetricsOf(string query) =>
        Name().Matches(Strings().Replace(Grouping().Replace(query, ""), "")).Select(match => match.Value).Where(name => name.Contains('_', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || name == "up")
            .Where(name => !Functions.Contains(name)).Distinct();

    private static readonly string[] Functions = ["histogram_quantile", "group_left", "__rate_interval"];

    private static IEnumerable<(string Panel, string Query)> Panels(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var panel in document.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (panel.TryGetProperty("targets", out var targets))
            {
                foreach (var target in targets.EnumerateArray())
                {
                    yield return (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);
                }
            }
        }
    }

    private static IEnumerable<YamlMappingNode> RuleNodes()
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Rules);
        yaml.Load(reader);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>().ToList();
    }

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value : null;

    [GeneratedRegex(@"[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    // Label matchers, and the labels of by (…) and on (…).
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\b(?:by|on|without|ignoring)\s*\([^)]*\)")]
    private static partial Regex Grouping();
}
