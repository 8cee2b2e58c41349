using System.Buffers;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Platform.Benchmarks.Grpc;

/// <summary>A hop without gRPC: an endpoint that sends the frame it got back.</summary>
internal static class BareEcho
{
    public const string Path = "/bare";

    public static void MapBareEcho(this IEndpointRouteBuilder routes) => routes.MapPost(Path, EchoFrameAsync);

    private static async Task EchoFrameAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted)
            {
                foreach (var segment in read.Buffer)
                {
                    http.Response.BodyWriter.Write(segment.Span);
                }

                reader.AdvanceTo(read.Buffer.End);
                return;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

/// <summary>Clients of <see cref="BareEcho"/>, each with a connection of its own over cleartext HTTP/2.</summary>
internal sealed class BareClients : IDisposable
{
    private readonly Uri _address;
    private readonly HttpClient[] _clients;
    private readonly byte[] _frame;

    /// <param name="address">Of the server.</param>
    /// <param name="connections">How many.</param>
    /// <param name="payloadLength">Bytes that a frame carries.</param>
    public BareClients(Uri address, int connections, int payloadLength)
    {
        _address = new Uri(address, BareEcho.Path);
        _clients = [.. Enumerable.Range(0, connections).Select(_ => new HttpClient(OneConnection()))];
        var message = new EchoMessage { Payload = ByteString.CopyFrom(new byte[payloadLength]) }.ToByteArray();
        _frame = [0, 0, 0, 0, (byte)message.Length, .. message];
    }

    public static SocketsHttpHandler OneConnection() => new() { EnableMultipleHttp2Connections = false, UseCookies = false };

    public async Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_frame),
        };
        using var response = await _clients[caller % _clients.Length].SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length != _frame.Length)
        {
            throw new InvalidOperationException("The echo is not what was sent.");
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}
