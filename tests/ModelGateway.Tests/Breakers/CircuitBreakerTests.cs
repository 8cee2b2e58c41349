using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Breakers;

public sealed class CircuitBreakerTests
{
    private readonly ManualTime _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests()
    {
        var options = new BreakerOptions();
        _breaker = new CircuitBreaker(() => options, _time);
    }

    [Fact]
    public void Failed_FiveWithinTheWindow_Opens()
    {
        Fail(4);
        Assert.Equal(BreakerPhase.Closed, _breaker.Snapshot().Phase);

        Fail(1);
        Assert.Equal((BreakerPhase.Open, _time.GetUtcNow() + TimeSpan.FromSeconds(30)), (_breaker.Snapshot().Phase, _breaker.Snapshot().HalfOpenAt));
        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public void Failed_SpreadWiderThanTheWindow_StaysClosed()
    {
        for (var failure = 0; failure < 20; failure++)
        {
            Fail(1);
            _time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Equal(BreakerPhase.Closed, _breaker.Snapshot().Phase);
    }

    [Fact]
    public void TryEnter_HalfOpen_LetsOneCallThroughAtATime()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(BreakerPhase.HalfOpen, _breaker.Snapshot().Phase);
        Assert.True(_breaker.TryEnter());
        Assert.False(_breaker.TryEnter());
        _breaker.Abandoned();
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void Succeeded_ThreeTimesHalfOpen_Closes()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(30));
        for (var probe = 0; probe < 3; probe++)
        {
            Assert.Equal(BreakerPhase.HalfOpen, _breaker.Snapshot().Phase);
            Assert.True(_breaker.TryEnter());
            _breaker.Succeeded();
        }

        Assert.Equal((BreakerPhase.Closed, 0), (_breaker.Snapshot().Phase, _breaker.Snapshot().Failures));
    }

    [Fact]
    public void Failed_OnceHalfOpen_OpensAgainForTheWholeTime()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_breaker.TryEnter());
        _breaker.Succeeded();
        Assert.True(_breaker.TryEnter());
        _breaker.Failed();

        Assert.Equal(BreakerPhase.Open, _breaker.Snapshot().Phase);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void Failed_LateCallsWhileOpen_DoNotPutTheEndOff()
    {
        Fail(5);
        _time.Advance(TimeSpan.FromSeconds(20));
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(BreakerPhase.HalfOpen, _breaker.Snapshot().Phase);
    }

    [Fact]
    public void Force_Open_HoldsUntilSetAgain()
    {
        _breaker.Force(BreakerPhase.Open);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_breaker.TryEnter());
        Assert.True(_breaker.Snapshot().Forced);

        _breaker.Force(BreakerPhase.Closed);
        Assert.True(_breaker.TryEnter());
        Assert.False(_breaker.Snapshot().Forced);
    }

    private void Fail(int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            _breaker.Failed();
        }
    }
}
