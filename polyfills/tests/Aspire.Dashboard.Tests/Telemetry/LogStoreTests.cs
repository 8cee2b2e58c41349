using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class LogStoreTests
{
    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 10)]
    [InlineData(5_000, 3_000)]
    [InlineData(100_000, 3_000)]
    public void List_AfterAnyNumber_HasTheNewestInOrder(int added, int kept)
    {
        var store = new LogStore(new TelemetryLimits { MaxLogCount = kept });
        for (var entry = 1; entry <= added; entry++)
        {
            store.Add([Entry($"message {entry}")]);
        }

        var found = store.List(new LogQuery { Limit = int.MaxValue });

        Assert.Equal(Math.Min(added, kept), found.Count);
        Assert.Equal(Enumerable.Range(0, found.Count).Select(back => $"message {added - back}"), found.Select(entry => entry.Message));
    }

    [Fact]
    public void List_BeforeAndAfter_PagesWithoutGaps()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add(Enumerable.Range(1, 100).Select(entry => Entry($"{entry}")));

        var first = store.List(new LogQuery { Limit = 30 });
        var second = store.List(new LogQuery { Limit = 30, Before = first[^1].Sequence });

        Assert.Equal(70, second[0].Sequence);
        Assert.Equal([100L, 99, 98], store.List(new LogQuery { After = 97 }).Select(entry => entry.Sequence));
    }

    [Fact]
    public void List_Filters_Hold()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add([Entry("all is well"), Entry("it BURNS", severity: 17, service: "gateway", trace: "t1"), Entry("smoke", severity: 13)]);

        Assert.Equal("it BURNS", Assert.Single(store.List(new LogQuery { Text = "burns" })).Message);
        Assert.Equal(["smoke", "it BURNS"], store.List(new LogQuery { MinimumSeverity = 13 }).Select(entry => entry.Message));
        Assert.Single(store.List(new LogQuery { Service = "gateway" }));
        Assert.Single(store.List(new LogQuery { TraceId = "t1" }));
    }

    private static LogEntry Entry(string message, int severity = 9, string service = "web", string? trace = null) =>
        new(0, Spans.Origin, severity, message, "Tests", new TelemetrySource(service, string.Empty), trace, null, []);
}
