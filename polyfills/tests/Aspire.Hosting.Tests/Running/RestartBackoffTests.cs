using Aspire.Hosting.Running;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class RestartBackoffTests
{
    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(5, 3200)]
    [InlineData(8, 25600)]
    [InlineData(9, 30000)]
    [InlineData(1000, 30000)]
    public void Delay_Deaths_DoublesUpToTheLongest(int deaths, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RestartBackoff.Delay(deaths));

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(4, 137, false)]
    [InlineData(5, 1, true)]
    [InlineData(1, 78, true)]
    public void GivesUp_DeathsAndExitCode_AfterFiveOrAWrongConfiguration(int deaths, int exitCode, bool expected) =>
        Assert.Equal(expected, RestartBackoff.GivesUp(deaths, exitCode));

    [Fact]
    public void Delay_NoDeath_Refuses() => Assert.Throws<ArgumentOutOfRangeException>(() => RestartBackoff.Delay(0));
}
