using Platform.Testing;

namespace Platform.ModelGateway.Tests.ProviderFaults;

public sealed class ProviderOutageTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Short; the command provider-outage of Platform.Benchmarks takes a minute for each kind.</summary>
    [Theory]
    [InlineData("Refuses")]
    [InlineData("Unavailable")]
    [InlineData("Hangs")]
    public async Task Outage_OfOneProviderUnderLoad_IsHardlySeen(string kind)
    {
        var outage = new ProviderOutage(Enum.Parse<OutageKind>(kind), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), clients: 8);

        var result = await outage.RunAsync(
            settings => RunningGateway.StartAloneAsync(servers, settings, Token), [("modelGateway:breaker:openFor", "00:00:01")], Token);

        Assert.True(result.Calls.Count > 100, $"{result.Calls.Count} calls");
        Assert.True(result.SuccessRate >= 0.995, $"{result.SuccessRate:P2}: {string.Join(", ", result.Calls.Where(call => call.Reason.Length > 0).Take(10))}");
        Assert.True(result.AttemptsPerRequest <= 1.2, $"{result.AttemptsPerRequest:0.000} attempts per request");
        Assert.Contains(result.Calls, call => call.Provider == "second");
        Assert.Equal("first", result.Calls.MaxBy(call => call.At)!.Provider);
    }
}
