using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Tests.Completions;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0.5, 1.0)]
    [InlineData(2, 0.5, 2.0)]
    [InlineData(3, 0.5, 4.0)]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(1, 1.0, 1.5)]
    [InlineData(20, 0.5, 30.0)]
    [InlineData(20, 1.0, 30.0)]
    public void Backoff_Attempt_GrowsScattersAndIsCapped(int attempt, double random, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), ProviderRouter.Backoff(new RetryOptions(), attempt, random));
    }

    [Fact]
    public void Backoff_AnyAttempt_StaysWithinItsBounds()
    {
        var policy = new RetryOptions();
        var random = new Random(20260301);
        for (var draw = 0; draw < 10_000; draw++)
        {
            var wait = ProviderRouter.Backoff(policy, random.Next(1, 50), random.NextDouble());
            Assert.InRange(wait, policy.BaseDelay * 0.5, policy.MaximumDelay);
        }
    }
}
