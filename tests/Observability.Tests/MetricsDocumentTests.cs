using Platform.Testing;

namespace Platform.Observability.Tests;

/// <summary><c>docs/metrics.md</c> says what the code does.</summary>
public sealed class MetricsDocumentTests
{
    private static string DocumentFile => Path.Combine(TestData.RepositoryRoot, "docs", "metrics.md");

    [Fact]
    public void Document_IsWhatTheCodeDeclares()
    {
        var rendered = MetricsDocument.Render(InstrumentCatalog.All);
        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_DOCS") == "1")
        {
            File.WriteAllText(DocumentFile, rendered);
        }

        Assert.Equal(rendered, File.ReadAllText(DocumentFile));
    }

    [Fact]
    public void Instrument_HasUnitMeaningAndADottedName()
    {
        Assert.True(InstrumentCatalog.All.Count > 50);
        Assert.All(InstrumentCatalog.All, instrument =>
        {
            Assert.Matches(@"^[a-z]+(_[a-z]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)+$", instrument.Name);
            Assert.NotEqual("", instrument.Meaning);
            Assert.True(instrument.Unit is "s" or "1" or "By" || instrument.Unit.StartsWith('{'), $"{instrument.Name} has the unit '{instrument.Unit}'.");
        });
    }

    [Fact]
    public void Instrument_NameIsDeclaredOnce() =>
        Assert.Empty(InstrumentCatalog.All.GroupBy(i => i.Name).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void EveryMeasureAskedFor_HasAMetricThatExists()
    {
        string[] ofLibraries = ["http.server.request.duration", "resilience.polly.strategy.events"];
        Assert.All(MetricsDocument.WantedMetrics, name => Assert.Contains(name, InstrumentCatalog.All.Select(i => i.Name).Concat(ofLibraries)));
    }
}
