using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Aspire.Hosting.Tests.Model;

public sealed class ResourceNotificationServiceTests
{
    private readonly ResourceNotificationService notifications = new();
    private readonly ExecutableResource resource = new("program", "true", "/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitForResource_StateReachedBefore_ReturnsAtOnce()
    {
        await PublishAsync(KnownResourceStates.Running);

        await notifications.WaitForResourceAsync("PROGRAM", KnownResourceStates.Running, Cancellation);
    }

    [Fact]
    public async Task WaitForResource_StateReachedLater_ReturnsThen()
    {
        var waiting = notifications.WaitForResourceAsync("program", [KnownResourceStates.Finished, KnownResourceStates.Exited], Cancellation);
        await PublishAsync(KnownResourceStates.Running);
        Assert.False(waiting.IsCompleted);

        await PublishAsync(KnownResourceStates.Exited);

        Assert.Equal(KnownResourceStates.Exited, await waiting);
    }

    [Fact]
    public async Task WaitForResource_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = notifications.WaitForResourceAsync("program", KnownResourceStates.Running, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task WaitForResourceHealthy_RunningUnhealthy_KeepsWaiting()
    {
        var waiting = notifications.WaitForResourceHealthyAsync("program", Cancellation);
        await PublishAsync(KnownResourceStates.Running, HealthStatus.Unhealthy);
        Assert.False(waiting.IsCompleted);

        await PublishAsync(KnownResourceStates.Running, HealthStatus.Healthy);

        Assert.Same(resource, (await waiting).Resource);
    }

    [Theory]
    [InlineData("FailedToStart")]
    [InlineData("Exited")]
    [InlineData("Finished")]
    public async Task WaitForResourceHealthy_Ended_Throws(string state)
    {
        var waiting = notifications.WaitForResourceHealthyAsync("program", Cancellation);

        await PublishAsync(state);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => waiting);
        Assert.Contains($"'{state}'", exception.Message, StringComparison.Ordinal);
    }

    private Task PublishAsync(string state, HealthStatus? health = null) =>
        notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = state, HealthStatus = health });
}
