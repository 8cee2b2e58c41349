using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Platform.ProviderSimulator.Faults;

/// <summary>
/// Answers past the server, straight on the socket: only so can an answer stop in its middle with everything before it delivered.
/// Nothing may have been written through the server before.
/// </summary>
internal sealed class RawConnection(HttpContext http)
{
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    private readonly Socket _socket = http.Features.Get<IConnectionSocketFeature>()?.Socket
        ?? throw new InvalidOperationException("The server does not show its sockets.");

    internal Task HeadAsync(string contentType, long? length, CancellationToken cancellationToken) => SendAsync(
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\n{(length is null ? "Transfer-Encoding: chunked" : $"Content-Length: {length}")}\r\n\r\n")),
        cancellationToken);

    internal async Task ChunkAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        byte[] framed = [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), 13, 10, .. bytes.Span, 13, 10];
        await SendAsync(framed, cancellationToken);
    }

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>FIN: the client reads what came, then the end.</summary>
    internal async Task CloseAsync(TimeProvider time)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(LongestGoodbye, time, http.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client has closed its side, too.
        }

        http.Abort();
    }

    /// <summary>RST, after what was sent has had the time to be read: a reset discards the rest.</summary>
    internal async Task ResetAsync(TimeProvider time)
    {
        await Task.Delay(Delivery, time, CancellationToken.None);
        http.Abort();
    }
}
