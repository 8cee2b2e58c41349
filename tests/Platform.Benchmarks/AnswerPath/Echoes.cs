using Platform.Benchmarks.Grpc;
using Platform.Testing;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>Servers of bare hops, asked one after the other.</summary>
internal sealed class Echoes : IDisposable
{
    private readonly List<ChildProcess> _servers = [];
    private readonly List<BareClients> _clients = [];
    private int _asked;

    public static async Task<Echoes> StartAsync(int servers, int payloadLength, CancellationToken cancellationToken)
    {
        var echoes = new Echoes();
        try
        {
            for (var server = 0; server < servers; server++)
            {
                echoes._servers.Add(await EchoServer.StartAsync(cancellationToken));
                echoes._clients.Add(new BareClients(echoes._servers[^1].Address, 1, payloadLength));
            }
        }
        catch
        {
            echoes.Dispose();
            throw;
        }

        return echoes;
    }

    public Task CallAsync(CancellationToken cancellationToken) => _clients[_asked++ % _clients.Count].CallAsync(0, cancellationToken);

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }
}
