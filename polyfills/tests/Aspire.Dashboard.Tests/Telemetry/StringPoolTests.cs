using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class StringPoolTests
{
    private readonly StringPool pool = new();

    [Fact]
    public void Share_TheSameTextAgain_IsTheFirstCopy()
    {
        var first = pool.Share(new string('a', 20));

        Assert.Same(first, pool.Share(new string('a', 20)));
    }

    [Fact]
    public void Share_AfterAFloodOfOtherTexts_StillShares()
    {
        for (var i = 0; i < 200_000; i++)
        {
            pool.Share($"request-{i}");
        }

        var first = pool.Share(new string('b', 20));

        Assert.Same(first, pool.Share(new string('b', 20)));
    }

    [Fact]
    public void Share_LongText_IsNotKept()
    {
        var text = new string('c', 300);

        Assert.Same(text, pool.Share(text));
        Assert.NotSame(text, pool.Share(new string('c', 300)));
    }
}
