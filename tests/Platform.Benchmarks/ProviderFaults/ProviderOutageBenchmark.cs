using System.Globalization;
using Platform.ModelGateway.Tests;
using Platform.ModelGateway.Tests.ProviderFaults;
using Platform.Testing;

namespace Platform.Benchmarks.ProviderFaults;

/// <summary>Bar G8: one of two providers is down for a minute under load, in three ways.</summary>
internal sealed class ProviderOutageBenchmark : IBenchmark
{
    private const int Clients = 16;
    private const double LeastSuccess = 0.995;
    private const double MostAttempts = 1.2;

    public string Name => "provider-outage";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        try
        {
            foreach (var kind in Enum.GetValues<OutageKind>())
            {
                var (around, down) = isShort ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)) : (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
                // After the outage the breaker may be open for its whole time again.
                var back = isShort ? around : TimeSpan.FromSeconds(45);
                var outage = new ProviderOutage(kind, around, down, back, Clients);
                var result = await outage.RunAsync(
                    settings => RunningGateway.StartAloneAsync(servers, settings, cancellationToken),
                    isShort ? [("modelGateway:breaker:openFor", "00:00:01")] : [],
                    cancellationToken);
                var met = result.SuccessRate >= LeastSuccess && result.AttemptsPerRequest <= MostAttempts;
                var slowest = result.Calls.Max(call => call.Elapsed.TotalMilliseconds);
                var backAt = result.Calls.Where(call => call.At > around + down && call.Provider == "first").Select(call => call.At - around - down).DefaultIfEmpty(TimeSpan.MaxValue).Min();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"G8 {kind,-12} {result.Calls.Count} calls, success {result.SuccessRate:P3} (bar ≥ 99.5 %), {result.AttemptsPerRequest:0.0000} attempts per request (bar ≤ 1.2), slowest {slowest:0} ms, {(backAt == TimeSpan.MaxValue ? "first provider not back within the run" : string.Create(CultureInfo.InvariantCulture, $"first provider back after {backAt.TotalSeconds:0.0} s"))}: {(met ? "met" : "NOT met")}"));
            }
        }
        finally
        {
            await servers.DisposeAsync();
        }
    }
}
