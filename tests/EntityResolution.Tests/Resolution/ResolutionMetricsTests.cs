using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Resolution;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Tests.Resolution;

/// <summary>What the service's instruments record, for each kind of question.</summary>
public sealed class ResolutionMetricsTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Theory]
    [InlineData("status of Delta Industries", "exact", "matched")]
    [InlineData("what does big d owe us?", "alias", "matched")]
    [InlineData("status of delta industires", "fuzzy", "matched")]
    [InlineData("How is IBM doing?", "acronym", "matched")]
    [InlineData("Show me invoice INV-000123", "number", "matched")]
    [InlineData("How is Delta doing?", "unsettled", "ambiguous")]
    [InlineData("status of Quuxly Frobnicators", "unsettled", "not_found")]
    [InlineData("How many invoices are overdue?", "none", null)]
    public async Task Resolve_Text_RecordsDurationByMatchTypeAndOutcome(string text, string matchType, string? outcome)
    {
        var recorded = await RecordAsync(() => registry.Resolver.ResolveAsync("default", text, [], 5, TestContext.Current.CancellationToken));

        var duration = Assert.Single(recorded, r => r.Instrument == "platform.entity_resolution.duration");
        Assert.Equal(matchType, duration.Tags["match_type"]);
        Assert.InRange(duration.Value, 0, 60);
        var outcomes = recorded.Where(r => r.Instrument == "platform.entity_resolution.mentions").Select(r => (string?)r.Tags["outcome"]);
        Assert.Equal(outcome is null ? [] : [outcome], outcomes);
        Assert.Equal(matchType == "alias" ? 1 : 0, recorded.Count(r => r.Instrument == "platform.entity_resolution.alias_hits"));
    }

    [Fact]
    public async Task Resolve_MisspeltAlias_IsAHitOfThatAlias()
    {
        ResolvedText? found = null;
        var recorded = await RecordAsync(async () => found = await registry.Resolver.ResolveAsync("other", "status of Goldn Goose", [], 5, TestContext.Current.CancellationToken));

        var match = Assert.Single(found!.Mentions).Match;
        Assert.Equal(("C-1", "Omega Secret Holdings", MatchKind.Alias), (match?.Entity.Id, match?.Entity.Name, match?.Kind));
        Assert.Equal("golden goose", match?.Alias?.Key);
        Assert.Contains("alias: golden goose", match!.Explanation);
        Assert.Single(recorded, r => r.Instrument == "platform.entity_resolution.alias_hits");
    }

    [Fact]
    public async Task Choose_Settled_IsCounted()
    {
        var context = new RequestContext("r-1", "default", "anna", "s-1", Deadline: null);
        EntityKey[] offered = [new("customer", "C-1", "Delta Industries"), new("customer", "C-2", "Delta Logistics GmbH")];
        var recorded = await RecordAsync(() => registry.Services.GetRequiredService<Choosing>().ChooseAsync(context, "the first one", "Delta", offered, remember: false, TestContext.Current.CancellationToken));
        Assert.Single(recorded, r => r.Instrument == "platform.entity_resolution.choices");
    }

    private async Task<List<Recorded>> RecordAsync(Func<Task> act)
    {
        var recorded = new List<Recorded>();
        using var listener = new MeterListener();
        var meters = registry.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        await act();
        lock (recorded)
        {
            return [.. recorded.Where(r => !r.Instrument.Contains("registry", StringComparison.Ordinal))];
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (recorded)
            {
                recorded.Add(new Recorded(instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));
            }
        }
    }

    private sealed record Recorded(string Instrument, double Value, Dictionary<string, object?> Tags);
}
