using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Takes the messages of a response body apart, in one pooled buffer.</summary>
internal sealed class ResponseFrames(Stream body, string? encoding, Encodings encodings, int? maxSize) : IDisposable
{
    private readonly ReceivedPayload _payload = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;
    private bool _compressed;
    private ReadOnlyMemory<byte> _current;

    /// <summary>False at the end of the body. What was read before is gone.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!TryTake())
        {
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return _start == _end ? false : throw ReceivedPayload.Incomplete();
            }

            _end += read;
        }

        return true;
    }

    public T Deserialize<T>(Func<DeserializationContext, T> deserializer)
    {
        var message = new ReadOnlySequence<byte>(_current);
        if (_compressed)
        {
            message = ReceivedPayload.Decompress(message, FindEncoding(), maxSize);
        }

        return _payload.Deserialize(message, deserializer);
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _current = default;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryTake()
    {
        var available = _end - _start;
        var needed = PooledPayload.PrefixLength;
        if (available >= needed)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 1));
            if (length > (uint)Math.Min(maxSize ?? int.MaxValue, Array.MaxLength - PooledPayload.PrefixLength))
            {
                throw ReceivedPayload.OverLimit();
            }

            needed += (int)length;
            if (available >= needed)
            {
                _compressed = _buffer[_start] switch
                {
                    0 => false,
                    1 => true,
                    _ => throw new RpcException(new Status(StatusCode.Internal, "Unexpected compressed flag value in message header.")),
                };
                _current = _buffer.AsMemory(_start + PooledPayload.PrefixLength, (int)length);
                _start += needed;
                return true;
            }
        }

        MakeRoom(needed, available);
        return false;
    }

    private void MakeRoom(int needed, int available)
    {
        if (available == 0)
        {
            _start = _end = 0;
        }

        if (_buffer.Length - _start >= needed && _buffer.Length > _end)
        {
            return;
        }

        var target = _buffer.Length >= needed ? _buffer : ArrayPool<byte>.Shared.Rent(needed);
        _buffer.AsSpan(_start, available).CopyTo(target);
        if (!ReferenceEquals(target, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _start = 0;
        _end = available;
    }

    private ICompressionProvider FindEncoding()
    {
        if (encoding is null or HeaderNames.IdentityEncoding)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A compressed message came without a grpc-encoding that says how."));
        }

        return encodings.Find(encoding)
            ?? throw new RpcException(new Status(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {encodings.Accepted}"));
    }
}
