using System.Net;
using System.Net.Sockets;

namespace Platform.ProviderSimulator.Faults;

/// <summary>Addresses on which no provider answers, for as long as this lives.</summary>
internal sealed class DeadAddresses : IDisposable
{
    private readonly Socket _refusing = Bind();
    private readonly Socket _blackHole = Bind();
    private readonly List<Socket> _fillers = [];

    internal DeadAddresses()
    {
        // Bound and not listening, the port refuses. Listening with a full queue that nobody empties, it drops every packet.
        _blackHole.Listen(0);
        for (var filler = 0; filler < 8; filler++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fillers.Add(socket);
            try
            {
                socket.Connect(_blackHole.LocalEndPoint!);
            }
            catch (SocketException waiting) when (waiting.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }
    }

    /// <summary>Refuses every connection.</summary>
    internal string Refusing => Url(_refusing);

    /// <summary>Never answers a connection attempt.</summary>
    internal string BlackHole => Url(_blackHole);

    public void Dispose()
    {
        _refusing.Dispose();
        _fillers.ForEach(filler => filler.Dispose());
        _blackHole.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static string Url(Socket socket) => $"http://{socket.LocalEndPoint}";
}
