using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Interactions;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class InteractionQueueTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Record_RedisAway_GoesToMemoryAsTheOrganizationThatAsked()
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Add("x-organization-id", "other");

        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent("""{"query":"status"}""", null, "application/json"), TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => platform.RecordedFor.Count == 1, "the interaction reaches Memory");
        Assert.Equal(("other", "other"), (platform.RecordedFor[0], platform.Recorded[0].OrganizationId));
    }

    [Fact]
    public async Task Stop_WhileMemoryTakesAnInteraction_IsNoCrash()
    {
        platform.RecordInteraction = async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new RecordInteractionResponse();
        };
        Task? run;
        await using (GatewayHost gateway = new(platform))
        {
            await gateway.AskAsync(new { query = "status" });
            run = gateway.Services.GetRequiredService<InteractionQueue>().ExecuteTask;
            await Eventually.HoldsAsync(
                () =>
                {
                    lock (platform.Recorded)
                    {
                        return platform.Recorded.Count > 0;
                    }
                },
                "the interaction is on its way");
        }

        await Eventually.HoldsAsync(() => run is { IsCompleted: true }, "the queue has ended");
        Assert.Equal(TaskStatus.Canceled, run?.Status);
    }
}
