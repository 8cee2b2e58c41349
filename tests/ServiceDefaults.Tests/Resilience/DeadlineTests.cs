namespace Platform.ServiceDefaults.Tests.Resilience;

public sealed class DeadlineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResilienceOptions Options = new() { DefaultDeadline = TimeSpan.FromSeconds(30), DeadlineMargin = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void ForCall_NothingGiven_IsTheDefault() =>
        Assert.Equal(Now.AddSeconds(30).UtcDateTime, Deadlines.ForCall(null, null, Now, Options));

    [Fact]
    public void ForCall_CallersDeadline_IsShortenedByTheMargin() =>
        Assert.Equal(Now.AddSeconds(5).AddMilliseconds(-10).UtcDateTime, Deadlines.ForCall(Now.AddSeconds(5), null, Now, Options));

    [Fact]
    public void ForCall_LittleTimeLeft_TakesATenth() =>
        Assert.Equal(Now.AddMilliseconds(45).UtcDateTime, Deadlines.ForCall(Now.AddMilliseconds(50), null, Now, Options));

    [Fact]
    public void ForCall_OwnIsEarlier_KeepsIt() =>
        Assert.Equal(Now.AddSeconds(1).UtcDateTime, Deadlines.ForCall(Now.AddSeconds(5), Now.AddSeconds(1).UtcDateTime, Now, Options));

    [Fact]
    public void ForCall_OwnIsLater_YieldsToTheCaller() =>
        Assert.Equal(Now.AddSeconds(5).AddMilliseconds(-10).UtcDateTime, Deadlines.ForCall(Now.AddSeconds(5), Now.AddMinutes(1).UtcDateTime, Now, Options));

    [Fact]
    public void ForCall_CallersDeadlinePassed_StaysInThePast() =>
        Assert.Equal(Now.AddSeconds(-1).UtcDateTime, Deadlines.ForCall(Now.AddSeconds(-1), null, Now, Options));
}
