using System.Net;
using System.Net.Http.Headers;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// A body of one message. It can be sent again, so handlers that retry may do so. Being a kind of <see cref="ByteArrayContent"/> tells the
/// HTTP handler that the request ends before the response begins, which spares it watching both at once.
/// </summary>
internal sealed class MessageContent : ByteArrayContent
{
    private static readonly MediaTypeHeaderValue MediaType = new(HeaderNames.ContentType);
    private readonly byte[] _framed;

    public MessageContent(byte[] framed)
        : base(framed)
    {
        _framed = framed;
        Headers.ContentType = MediaType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => stream.WriteAsync(_framed, cancellationToken).AsTask();

    // No content-length: servers check it against limits of their own before gRPC's limit can speak.
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
