using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

internal sealed class ClientStreamWriter<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call, StreamContent<TRequest, TResponse> content) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _writing;
    private volatile bool _completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            call.ThrowIfEnded();
            using var cancelled = call.CancelWith(cancellationToken);
            var stream = await content.Opened.WaitAsync(call.Token).ConfigureAwait(false);
            var options = WriteOptions ?? call.WriteOptions;
            using var payload = new PooledPayload();
            call.Frame(payload, message, options);
            await stream.WriteAsync(payload.Framed, call.Token).ConfigureAwait(false);
            if (((options?.Flags ?? default) & WriteFlags.BufferHint) == 0)
            {
                await stream.FlushAsync(call.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            throw call.WriteFailed(failure);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        call.ThrowIfEnded();
        if (Volatile.Read(ref _writing) == 1)
        {
            throw new InvalidOperationException("Can't complete the client stream writer because the previous write is in progress.");
        }

        _completed = true;
        content.Close();
        return Task.CompletedTask;
    }
}
