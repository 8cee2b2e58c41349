using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class CriticalPathTests
{
    private const double Millisecond = 1_000_000;

    [Fact]
    public void Of_ParallelChildren_FollowsTheOneThatEndedLast()
    {
        var path = CriticalPath.Of([Spans.Of(1, end: 100), Spans.Of(2, 1, 10, 40), Spans.Of(3, 1, 10, 90)]);

        Assert.Equal([1UL, 3UL], path.Keys.Order());
        Assert.Equal(20, path[1] / Millisecond);
        Assert.Equal(80, path[3] / Millisecond);
    }

    [Fact]
    public void Of_ChildrenOneAfterTheOther_TakesAllAndTheGaps()
    {
        var path = CriticalPath.Of([Spans.Of(1, end: 100), Spans.Of(2, 1, 10, 40), Spans.Of(3, 1, 50, 90), Spans.Of(4, 3, 60, 85)]);

        Assert.Equal(30, path[1] / Millisecond);
        Assert.Equal(30, path[2] / Millisecond);
        Assert.Equal(15, path[3] / Millisecond);
        Assert.Equal(25, path[4] / Millisecond);
    }

    [Fact]
    public void Of_ChildThatOutlivesItsParent_IsNotWaitedFor()
    {
        var path = CriticalPath.Of([Spans.Of(1, end: 100), Spans.Of(2, 1, 90, 300)]);

        Assert.Equal([1UL], path.Keys);
    }

    [Fact]
    public void Of_RandomTrees_OwnTimesAddUpToTheRoot()
    {
        var random = new Random(20260301);
        for (var round = 0; round < 200; round++)
        {
            List<SpanRecord> spans = [Spans.Of(1, end: 1000)];
            for (ulong id = 2; id < 40; id++)
            {
                var parent = spans[random.Next(spans.Count)];
                var length = parent.Duration / Millisecond;
                var from = ((parent.Start - Spans.Origin) / Millisecond) + (random.NextDouble() * length);
                spans.Add(Spans.Of(id, parent.SpanId, from, from + (random.NextDouble() * ((parent.End - Spans.Origin) / Millisecond - from))));
            }

            var path = CriticalPath.Of(spans);

            Assert.Equal(spans[0].Duration, path.Values.Sum());
            Assert.All(path.Values, own => Assert.True(own >= 0));
        }
    }

    [Fact]
    public void Of_NoSpan_IsEmpty() => Assert.Empty(CriticalPath.Of([]));
}
