using System.Net;
using System.Net.Sockets;
using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests;

public sealed class DashboardApplicationTests
{
    [Fact]
    public async Task StartAsync_PortsTaken_TakesOthers()
    {
        await using var first = await StartAsync(new DashboardSettings(new TelemetryLimits()));

        await AssertEachGetsItsOwnAsync(Ports(first), copies: 4, besides: Ports(first));
    }

    [Fact]
    public async Task StartAsync_SeveralAtOnceOnTheSameFreePorts_EachGetsItsOwn()
    {
        // That two take the same port between their look at it and now is rare: several times.
        for (var time = 0; time < 10; time++)
        {
            var first = await StartAsync(new DashboardSettings(new TelemetryLimits()));
            await first.DisposeAsync();

            await AssertEachGetsItsOwnAsync(Ports(first), copies: 6, besides: []);
        }
    }

    [Fact]
    public void IsPortTaken_AnotherListensAfterBothHaveBound_IsTaken()
    {
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        second.Bind(first.LocalEndPoint!);
        first.Listen();

        Assert.True(DashboardApplication.IsPortTaken(Assert.Throws<SocketException>(second.Listen)));
        Assert.False(DashboardApplication.IsPortTaken(new SocketException((int)SocketError.AccessDenied)));
    }

    private static async Task AssertEachGetsItsOwnAsync(int[] wanted, int copies, int[] besides)
    {
        var settings = new DashboardSettings(new TelemetryLimits()) { PagePort = wanted[0], OtlpGrpcPort = wanted[1], OtlpHttpPort = wanted[2] };
        var started = Enumerable.Range(0, copies).Select(_ => Task.Run(() => StartAsync(settings))).ToList();
        try
        {
            var ports = (await Task.WhenAll(started)).SelectMany(Ports).Concat(besides).ToList();

            Assert.Equal((copies * 3) + besides.Length, ports.Distinct().Count());
        }
        finally
        {
            foreach (var one in started.Where(one => one.IsCompletedSuccessfully))
            {
                await (await one).DisposeAsync();
            }
        }
    }

    private static int[] Ports(DashboardApplication dashboard) => [dashboard.PagePort, dashboard.OtlpGrpcPort, dashboard.OtlpHttpPort];

    private static Task<DashboardApplication> StartAsync(DashboardSettings settings) =>
        DashboardApplication.StartAsync(settings, new FakeBoard(), TimeProvider.System, TestContext.Current.CancellationToken);
}
