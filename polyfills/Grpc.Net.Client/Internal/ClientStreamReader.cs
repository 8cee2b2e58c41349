using Grpc.Core;

namespace Grpc.Net.Client.Internal;

internal sealed class ClientStreamReader<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call, Task<ResponseFrames?> started) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _reading;
    private TResponse? _current;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message: call MoveNext first and check that it returned true.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is in progress.");
        }

        try
        {
            using var cancelled = call.CancelWith(cancellationToken);
            _current = await call.ReadNextAsync(started).ConfigureAwait(false);
            return _current is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
