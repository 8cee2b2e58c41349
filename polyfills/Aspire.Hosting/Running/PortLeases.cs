using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Hands out loopback ports below the range from which the system takes ports for outgoing connections, so nobody can take one between
/// the choice and the moment a process listens on it. A lock file per port keeps hosts that start together apart.
/// </summary>
internal sealed class PortLeases : IDisposable
{
    private const int First = 20000;
    private const int Last = 31999;
    private const int Attempts = 2000;

    private readonly List<FileStream> leases = [];

    public int Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (TryTake(port))
            {
                return port;
            }
        }

        throw new DistributedApplicationException($"No free port between {First} and {Last} was found.");
    }

    /// <summary>Takes the port unless somebody listens on it or another host holds it.</summary>
    public bool TryTake(int port)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"aspire-ports-{Environment.UserName}");
        Directory.CreateDirectory(folder);
        FileStream lease;
        try
        {
            lease = new FileStream(
                Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)),
                FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return false;
        }

        if (IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port))
        {
            leases.Add(lease);
            return true;
        }

        lease.Dispose();
        return false;
    }

    public void Dispose()
    {
        foreach (var lease in leases)
        {
            lease.Dispose();
        }

        leases.Clear();
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException exception)
        {
            // A machine without IPv6 cannot have the port taken there.
            return exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
