using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class TraceStoreTests
{
    [Fact]
    public void Add_SpansOfOneTraceInAnyOrder_AreOneSummary()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Spans.Of(2, 1, 5, 30, service: "database", failed: true)]);
        store.Add([Spans.Of(1, 0, 0, 50, name: "POST /api/chat")]);

        var summary = Assert.Single(store.List(new TraceQuery()));
        Assert.Equal(("POST /api/chat", "web", 2, 1, true), (summary.Name, summary.Service, summary.Spans, summary.Errors, summary.HasRoot));
        Assert.Equal(50_000_000, summary.Duration);
    }

    [Fact]
    public void Add_SameSpanAgain_CountsOnce()
    {
        var store = new TraceStore(new TelemetryLimits());
        for (var repeat = 0; repeat < 3; repeat++)
        {
            store.Add(Enumerable.Range(1, 100).Select(id => Spans.Of((ulong)id)));
        }

        Assert.Equal(100, store.SpanCount);
    }

    [Fact]
    public void Add_MoreThanIsKept_DropsTheOldestTraces()
    {
        var store = new TraceStore(new TelemetryLimits { MaxSpanCount = 1_000, MaxTraceCount = 50 });
        for (var trace = 1; trace <= 500; trace++)
        {
            store.Add(Enumerable.Range(1, 30).Select(id => Spans.Of((ulong)id, trace: trace.ToString("x", null))));
        }

        Assert.InRange(store.SpanCount, 1, 1_000);
        Assert.NotNull(store.Find(500.ToString("x", null).PadLeft(32, '0')));
        Assert.Null(store.Find("1".PadLeft(32, '0')));
    }

    [Theory]
    [InlineData("{\"onlyErrors\":true}", "b")]
    [InlineData("{\"service\":\"database\"}", "b")]
    [InlineData("{\"text\":\"select\"}", "b")]
    [InlineData("{\"topic\":\"genai\"}", "c")]
    [InlineData("{\"minimumDuration\":90000000}", "c")]
    [InlineData("{}", "abc")]
    public void List_Filter_KeepsWhatFits(string query, string expected)
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([
            Spans.Of(1, trace: "a"),
            Spans.Of(2, trace: "b", service: "database", failed: true, attributes: ("db.query.text", "SELECT 1")),
            Spans.Of(3, trace: "c", end: 100, attributes: ("gen_ai.request.model", "m"))]);

        var found = store.List(System.Text.Json.JsonSerializer.Deserialize<TraceQuery>(query, System.Text.Json.JsonSerializerOptions.Web)!);

        Assert.Equal(expected, string.Concat(found.Select(trace => trace.TraceId[^1]).Order()));
    }

    [Fact]
    public void FindByRequest_KnownAndUnknown_AnswersTheTraceOrNull()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Spans.Of(1, trace: "a", attributes: ("platform.request.id", "req-1"))]);

        Assert.Equal("a".PadLeft(32, '0'), store.FindByRequest("req-1"));
        Assert.Null(store.FindByRequest("req-2"));
    }

    [Fact]
    public void Order_ParentsBeforeChildren_AndCyclesAreShownToo()
    {
        var ordered = SpanTree.Order([Spans.Of(3, 2, 6), Spans.Of(2, 1, 5), Spans.Of(1), Spans.Of(9, 8), Spans.Of(8, 9), Spans.Of(4, 1, 2)]);

        Assert.Equal([1UL, 4, 2, 3, 9, 8], ordered.Select(node => node.Span.SpanId));
        Assert.Equal([0, 1, 1, 2, 0, 0], ordered.Select(node => node.Depth));
    }
}
