using Platform.Gateway.Degradation;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class CoolDownTests
{
    private readonly ManualTime clock = new();

    [Fact]
    public void IsOver_NothingFailed_True()
    {
        Assert.True(new CoolDown(clock).IsOver);
    }

    [Fact]
    public void IsOver_AfterAFailure_OnlyWhenTheTimeHasPassed()
    {
        CoolDown coolDown = new(clock);
        coolDown.Start(TimeSpan.FromSeconds(2));
        Assert.False(coolDown.IsOver);
        clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(coolDown.IsOver);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(coolDown.IsOver);
    }
}
