using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>A body of one message. It can be sent again, so handlers that retry may do so.</summary>
internal sealed class MessageContent<TRequest, TResponse> : HttpContent
    where TRequest : class
    where TResponse : class
{
    private static readonly MediaTypeHeaderValue MediaType = new(HeaderNames.ContentType);
    private readonly GrpcCall<TRequest, TResponse> _call;
    private readonly TRequest _message;

    public MessageContent(GrpcCall<TRequest, TResponse> call, TRequest message)
    {
        _call = call;
        _message = message;
        Headers.ContentType = MediaType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var payload = new PooledPayload();
        _call.Frame(payload, _message, _call.WriteOptions);
        await stream.WriteAsync(payload.Framed, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>A body that stays open while the caller writes messages.</summary>
internal sealed class StreamContent<TRequest, TResponse> : HttpContent
    where TRequest : class
    where TResponse : class
{
    private static readonly MediaTypeHeaderValue MediaType = new(HeaderNames.ContentType);
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly GrpcCall<TRequest, TResponse> _call;

    public StreamContent(GrpcCall<TRequest, TResponse> call)
    {
        _call = call;
        Headers.ContentType = MediaType;
        Writer = new ClientStreamWriter<TRequest, TResponse>(call, this);
    }

    public ClientStreamWriter<TRequest, TResponse> Writer { get; }

    public Task<Stream> Opened => _opened.Task;

    public void Close() => _closed.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Headers leave now: the server may answer before the first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_opened.TrySetResult(stream))
        {
            throw new InvalidOperationException("A request that is streamed cannot be sent a second time.");
        }

        // The end of the call fails the body, so that an unfinished request is reset and not left half open.
        using var ended = _call.Token.UnsafeRegister(static closed => ((TaskCompletionSource)closed!).TrySetCanceled(), _closed);
        await _closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
