using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Takes the messages of a request body apart, in place.</summary>
internal sealed class RequestFrames(PipeReader body, string? encoding, MethodSettings settings, ServerCall call)
{
    private readonly ReceivedPayload _payload = new();

    /// <summary>The one message of a request that is no stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ReadOnlyOneAsync<T>(Func<DeserializationContext, T> deserializer)
        where T : class
    {
        T? message = null;
        while (true)
        {
            var result = await body.ReadAsync(call.CancellationWithDeadline).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (message is not null && !buffer.IsEmpty)
            {
                throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
            }

            if (message is null && TryTake(ref buffer, out var payload, out var compressed))
            {
                message = Deserialize(payload, compressed, deserializer);
                if (!buffer.IsEmpty)
                {
                    throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
                }
            }

            body.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return message ?? throw ReceivedPayload.Incomplete();
            }
        }
    }

    /// <summary>Null at the end of the stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadNextAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (TryTake(ref buffer, out var payload, out var compressed))
            {
                var message = Deserialize(payload, compressed, deserializer);
                body.AdvanceTo(buffer.Start);
                return message;
            }

            body.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw ReceivedPayload.Incomplete();
            }
        }
    }

    private bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < PooledPayload.PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PooledPayload.PrefixLength];
        buffer.Slice(0, PooledPayload.PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)(settings.MaxReceiveMessageSize ?? int.MaxValue))
        {
            throw ReceivedPayload.OverLimit();
        }

        if (buffer.Length < PooledPayload.PrefixLength + length)
        {
            return false;
        }

        compressed = prefix[0] switch
        {
            0 => false,
            1 => true,
            _ => throw new RpcException(new Status(StatusCode.Internal, "Unexpected compressed flag value in message header.")),
        };
        payload = buffer.Slice(PooledPayload.PrefixLength, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private T Deserialize<T>(ReadOnlySequence<byte> payload, bool compressed, Func<DeserializationContext, T> deserializer)
    {
        if (compressed)
        {
            // An encoding that is not known was refused when the call began.
            var provider = settings.Encodings.Find(encoding)
                ?? throw new RpcException(new Status(StatusCode.Internal, $"A compressed message came with the grpc-encoding '{encoding ?? HeaderNames.IdentityEncoding}'."));
            payload = ReceivedPayload.Decompress(payload, provider, settings.MaxReceiveMessageSize);
        }

        return _payload.Deserialize(payload, deserializer);
    }
}

internal sealed class ServerStreamReader<TRequest>(ServerCall call, Func<DeserializationContext, TRequest> deserializer) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private int _reading;
    private TRequest? _current;

    public TRequest Current => _current ?? throw new InvalidOperationException("There is no current message: call MoveNext first and check that it returned true.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (call.HasEnded)
        {
            throw new InvalidOperationException("Can't read messages after the request is complete.");
        }

        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is in progress.");
        }

        var ofCall = call.CancellationWithDeadline;
        var linked = cancellationToken.CanBeCanceled && ofCall.CanBeCanceled && cancellationToken != ofCall
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ofCall)
            : null;
        try
        {
            var token = linked?.Token ?? (cancellationToken.CanBeCanceled ? cancellationToken : ofCall);
            _current = await call.Requests.ReadNextAsync(deserializer, token).ConfigureAwait(false);
            return _current is not null;
        }
        finally
        {
            linked?.Dispose();
            Volatile.Write(ref _reading, 0);
        }
    }
}

internal sealed class ServerStreamWriter<TResponse>(ServerCall call, Action<TResponse, SerializationContext> serializer) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    private int _writing;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            var options = WriteOptions ?? call.WriteOptions;
            call.Write(message, serializer, options);
            if (((options?.Flags ?? default) & WriteFlags.BufferHint) == 0)
            {
                await call.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
