using Platform.ModelGateway.Limits;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Limits;

public sealed class CallsAheadTests
{
    private const int PerMinute = 40_000;
    private readonly ManualTime _time = new();

    [Fact]
    public void Ask_AllUsedEachTime_AsksForTwiceAsManyUpToItsShare()
    {
        var ahead = new CallsAhead(_time);
        var wanted = new List<int>();
        for (var round = 0; round < 9; round++)
        {
            wanted.Add(Use(ahead));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 100, 100], wanted);
    }

    [Fact]
    public void TryUse_AfterItsLife_GivesTheRestBackAndAsksForWhatWasUsed()
    {
        var ahead = new CallsAhead(_time);
        for (var round = 0; round < 6; round++)
        {
            Use(ahead);
        }

        Assert.Equal((64, 0, 0), ahead.Ask(PerMinute));
        ahead.Granted(64);
        Assert.True(ahead.TryUse());
        _time.Advance(CallsAhead.Life);

        Assert.False(ahead.TryUse());
        Assert.Equal((2, 63, 0), ahead.Ask(PerMinute));
    }

    [Fact]
    public void Ask_WhileAnotherAsks_LeavesItToThat()
    {
        var ahead = new CallsAhead(_time);

        Assert.NotNull(ahead.Ask(PerMinute));
        Assert.Null(ahead.Ask(PerMinute));
        ahead.Granted(0);
        Assert.NotNull(ahead.Ask(PerMinute));
    }

    [Fact]
    public void Ask_LowLimit_TakesNoneAhead()
    {
        var ahead = new CallsAhead(_time);

        Assert.Equal((0, 0, 0), ahead.Ask(60));
    }

    [Fact]
    public void TryOwe_MoreThanItsShare_IsRefusedUntilTheNextQuestion()
    {
        var ahead = new CallsAhead(_time);

        Assert.True(ahead.TryOwe(800, out var first));
        Assert.True(ahead.TryOwe(800, out var second));
        Assert.False(ahead.TryOwe(800, out _));
        Assert.Equal((true, false), (first, second));
        Assert.Equal(2, ahead.Ask(800)!.Value.Owed);
        Assert.False(ahead.Owes);
        Assert.True(ahead.TryOwe(800, out var whileAsking));
        Assert.False(whileAsking);
    }

    [Fact]
    public void TryOwe_LowLimit_IsRefused() => Assert.False(new CallsAhead(_time).TryOwe(CallsAhead.Share - 1, out _));

    [Fact]
    public void Unanswered_WhatIsOwed_IsOwedAgain()
    {
        var ahead = new CallsAhead(_time);
        Assert.True(ahead.TryOwe(PerMinute, out _));
        var asked = ahead.Ask(PerMinute)!.Value;
        Assert.True(ahead.TryOwe(PerMinute, out _));

        ahead.Unanswered(asked.Owed);

        Assert.Equal(2, ahead.Ask(PerMinute)!.Value.Owed);
    }

    [Fact]
    public void Ask_SomeAreLeft_AsksForFewerAndKeepsThem()
    {
        var ahead = new CallsAhead(_time);
        ahead.Ask(PerMinute);
        ahead.Granted(3);

        Assert.Equal(0, ahead.Ask(PerMinute)!.Value.Wanted);
        ahead.Granted(0);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => ahead.TryUse()));
    }

    private static int Use(CallsAhead ahead)
    {
        var wanted = ahead.Ask(PerMinute)!.Value.Wanted;
        ahead.Granted(wanted);
        for (var call = 0; call < wanted; call++)
        {
            Assert.True(ahead.TryUse());
        }

        Assert.False(ahead.TryUse());
        return wanted;
    }
}
