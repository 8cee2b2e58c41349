using System.Globalization;
using System.Text;
using Platform.ContextSynthesis.Decisions;
using Platform.Testing;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Decisions;

/// <summary>docs/decision-frameworks.md says what frameworks.yaml holds. PLATFORM_WRITE_DOCS=1 writes its generated part anew.</summary>
public sealed class FrameworkDocumentTests
{
    private const string Begin = "<!-- from frameworks.yaml: PLATFORM_WRITE_DOCS=1 writes it, a test compares -->\n";
    private const string End = "<!-- end -->\n";

    private static readonly string DocumentPath = Path.Combine(TestData.RepositoryRoot, "docs", "decision-frameworks.md");

    [Fact]
    public async Task Document_GeneratedPart_IsThatOfTheFrameworks()
    {
        var text = await File.ReadAllTextAsync(DocumentPath, TestContext.Current.CancellationToken);
        var (from, until) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= Begin.Length && until >= from, "The marks of the generated part are missing.");
        var expected = Generate();
        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(DocumentPath, text[..from] + expected + text[until..], TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Equal(expected, text[from..until]);
        }
    }

    [Fact]
    public async Task Document_Sources_NameEveryMeasureThatIsWeighed()
    {
        var text = await File.ReadAllTextAsync(DocumentPath, TestContext.Current.CancellationToken);
        var sources = text[text.IndexOf("## Where the curves come from", StringComparison.Ordinal)..text.IndexOf(Begin, StringComparison.Ordinal)];

        Assert.All(Samples.Frameworks.All.SelectMany(f => f.Considerations).Select(c => c.Consideration.Measure).Distinct(), measure =>
            Assert.Contains($"`{measure}`", sources, StringComparison.Ordinal));
    }

    private static string Generate()
    {
        var text = new StringBuilder("\n## Measures\n\n| measure | meaning | from |\n|---|---|---|\n");
        foreach (var measure in MeasureCatalog.All)
        {
            var from = string.Join(", ", measure.Facts.Concat(measure.Patterns).Select(f => $"`{f}`"));
            text.Append(CultureInfo.InvariantCulture, $"| `{measure.Name}` | {measure.Meaning} | {(from.Length > 0 ? from : "the money effect")} |\n");
        }

        foreach (var framework in Samples.Frameworks.All.Select(f => f.Definition))
        {
            Append(text, framework);
        }

        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, DecisionFramework framework)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {framework.Title} (`{framework.Name}`)\n\n\"{framework.Question.Replace("{entity}", "Delta Industries", StringComparison.Ordinal)}\"\n\n");
        text.Append("| measure | weight | value → score |\n|---|---|---|\n");
        foreach (var weighed in framework.Considerations)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{weighed.Measure}` | {Number(weighed.Weight)} | {string.Join(", ", weighed.Curve.Select(p => $"{Number(p[0])} → {Number(p[1])}"))} |\n");
        }

        text.Append('\n');
        foreach (var (option, i) in framework.Options.Select((o, i) => (o, i)))
        {
            text.Append(CultureInfo.InvariantCulture, $"- **{option.Label}** (`{option.Name}`): {(i == framework.Options.Count - 1 ? "below that" : $"from a total of {Number(option.From)}")}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nNeeds {Number(framework.LeastKnown * 100)} % of the weight; figures about paying count from {framework.LeastInvoices} paid invoices on.\n");
        if (framework.Stop is { } stop)
        {
            text.Append(CultureInfo.InvariantCulture, $"Settled: `{stop.Measure}` at most {Number(stop.AtMost)} → `{stop.Option}`.\n");
        }

        foreach (var limit in framework.Limits)
        {
            text.Append(CultureInfo.InvariantCulture, $"Limit: `{limit.Measure}` {(limit.AtLeast is { } least ? $"at least {Number(least)}" : $"at most {Number(limit.AtMost!.Value)}")} → nothing better than `{limit.Best}`.\n");
        }

        if (framework.Money is { } money)
        {
            text.Append(CultureInfo.InvariantCulture, $"Money: `{money.Kind}` with {Assumptions(money)}.\n");
        }
    }

    private static string Assumptions(FrameworkMoney money) => string.Join(", ", typeof(FrameworkMoney).GetProperties().Select(p => (p.Name, Value: p.GetValue(money))).Select(p => p.Value switch
    {
        double number and not 0 => $"{Camel(p.Name)} {Number(number)}",
        int days and not 0 => $"{Camel(p.Name)} {days}",
        List<List<double>> { Count: > 0 } curve => $"{Camel(p.Name)} {string.Join(", ", curve.Select(c => $"{Number(c[0])} → {Number(c[1])}"))}",
        Dictionary<string, double> { Count: > 0 } byCurrency => $"{Camel(p.Name)} {string.Join(", ", byCurrency.Select(c => $"{Number(c.Value)} {c.Key}"))}",
        _ => null,
    }).OfType<string>());

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Number(double number) => Math.Round(number, 4).ToString(CultureInfo.InvariantCulture);
}
