using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests;

public sealed class DashboardApplicationTests
{
    [Fact]
    public async Task StartAsync_SeveralAtOnceOnTheSamePorts_EachGetsItsOwn()
    {
        await using var first = await StartAsync(new DashboardSettings(new TelemetryLimits()));
        var wanted = new DashboardSettings(new TelemetryLimits()) { PagePort = first.PagePort, OtlpGrpcPort = first.OtlpGrpcPort, OtlpHttpPort = first.OtlpHttpPort };

        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync(wanted)));

        try
        {
            Assert.Equal(15, others.Append(first).SelectMany(one => new[] { one.PagePort, one.OtlpGrpcPort, one.OtlpHttpPort }).Distinct().Count());
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    private static Task<DashboardApplication> StartAsync(DashboardSettings settings) =>
        DashboardApplication.StartAsync(settings, new FakeBoard(), TimeProvider.System, TestContext.Current.CancellationToken);
}
