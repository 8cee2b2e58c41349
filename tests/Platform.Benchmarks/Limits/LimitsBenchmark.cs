using System.Globalization;
using Platform.ModelGateway.Tests.Limits;
using Platform.Testing;

namespace Platform.Benchmarks.Limits;

/// <summary>How exactly three replicas of the model gateway keep one limit: 60 s at five times of it.</summary>
internal sealed class LimitsBenchmark : IBenchmark
{
    public string Name => "limits";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(cancellationToken);
        Console.WriteLine("| calls a minute | seconds | offered | granted | allowed | error (bar: 1 %) |\n|---|---|---|---|---|---|");
        foreach (var perMinute in isShort ? new[] { 1200 } : [600])
        {
            var measured = await LimitPrecision.MeasureAsync(redis.ConnectionString, perMinute, TimeSpan.FromSeconds(isShort ? 8 : 60), cancellationToken);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {perMinute} | {measured.Elapsed.TotalSeconds:0.0} | {measured.Offered} | {measured.Granted} | {measured.Least:0.0} to {measured.Most:0.0} | {measured.Error:P2} |"));
        }
    }
}
