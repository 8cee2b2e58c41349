using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Running;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class PortLeasesTests
{
    [Fact]
    public void Take_Many_AreDistinctAndBelowTheSystemsOwnRange()
    {
        using var leases = new PortLeases();

        var ports = Enumerable.Range(0, 50).Select(_ => leases.Take()).ToArray();

        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 20000, 31999));
    }

    [Fact]
    public void TryTake_HeldByAnother_FailsUntilItIsReleased()
    {
        using var mine = new PortLeases();
        var theirs = new PortLeases();
        var port = theirs.Take();

        Assert.False(mine.TryTake(port));
        theirs.Dispose();
        Assert.True(mine.TryTake(port));
    }

    [Fact]
    public void TryTake_SomebodyListens_Fails()
    {
        using var leases = new PortLeases();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.False(leases.TryTake(((IPEndPoint)listener.LocalEndpoint).Port));
    }
}
