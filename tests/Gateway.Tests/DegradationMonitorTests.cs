using Platform.Contracts.Common.V1;
using Platform.Gateway.Degradation;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class DegradationMonitorTests
{
    private readonly DegradationOptions options = new() { FailuresToAway = 3, SuccessesToBack = 2 };

    [Fact]
    public void Level_FewerFailuresThanTheLimit_StaysFull()
    {
        DegradationMonitor monitor = Create();
        monitor.Failed("memory");
        monitor.Failed("memory");
        monitor.Succeeded("memory");
        monitor.Failed("memory");
        monitor.Failed("memory");

        Assert.Equal(DegradationLevel.Full, monitor.Level);
    }

    [Theory]
    [InlineData("memory", DegradationLevel.Limited)]
    [InlineData("pattern-analysis", DegradationLevel.Limited)]
    [InlineData("data-questions", DegradationLevel.Minimal)]
    [InlineData("entity-resolution", DegradationLevel.Minimal)]
    public void Level_DependencyAway_DropsAndComesBackOnlyAfterSeveralSuccesses(string dependency, DegradationLevel level)
    {
        DegradationMonitor monitor = Create();
        for (int i = 0; i < 3; i++)
        {
            monitor.Failed(dependency);
        }

        Assert.Equal(level, monitor.Level);
        Assert.Equal([dependency], monitor.Away);
        monitor.Succeeded(dependency);
        Assert.Equal(level, monitor.Level);
        monitor.Succeeded(dependency);
        Assert.Equal(DegradationLevel.Full, monitor.Level);
    }

    [Fact]
    public void Level_Pinned_StaysWhateverHappens()
    {
        DegradationMonitor monitor = Create();
        options.Level = "limited";

        Assert.Equal(DegradationLevel.Limited, monitor.Level);
        Assert.Equal(DegradationLevel.Limited, monitor.LevelFor(["facts"]));
    }

    [Fact]
    public void InMaintenance_OnlyWhenPinned()
    {
        DegradationMonitor monitor = Create();
        Assert.False(monitor.InMaintenance);
        options.Level = "maintenance";
        Assert.True(monitor.InMaintenance);
    }

    private DegradationMonitor Create() => new(new FixedOptions<DegradationOptions>(options));
}
