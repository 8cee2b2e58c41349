using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>One outgoing message with its five-byte prefix, in a pooled array.</summary>
internal sealed class PooledPayload : SerializationContext, IBufferWriter<byte>, IDisposable
{
    public const int PrefixLength = 5;
    private const int SmallestBuffer = 256;

    private byte[] _buffer = [];
    private int _length;
    private bool _complete;

    /// <summary>Prefix and message, valid until the next one or until disposed.</summary>
    public ReadOnlyMemory<byte> Framed => _buffer.AsMemory(0, _length);

    public ReadOnlyMemory<byte> Message => _buffer.AsMemory(PrefixLength, _length - PrefixLength);

    /// <summary>Serializes and frames. Throws <see cref="RpcException"/> when the message is over the limit.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serializer">Of its marshaller.</param>
    /// <param name="maxSize">In bytes, before compression; null: no limit.</param>
    /// <param name="compression">Null: sent as it is.</param>
    /// <param name="level">Null: the provider's own.</param>
    public void Frame<T>(T message, Action<T, SerializationContext> serializer, int? maxSize, ICompressionProvider? compression, CompressionLevel? level)
    {
        _length = 0;
        _complete = false;
        Reserve(PrefixLength);
        _length = PrefixLength;
        serializer(message, this);
        if (!_complete)
        {
            throw new InvalidOperationException("The serializer did not complete its message.");
        }

        if (_length - PrefixLength > maxSize)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
        }

        // Nothing compresses to nothing here, which a peer cannot decompress.
        if (_length == PrefixLength)
        {
            compression = null;
        }

        if (compression is not null)
        {
            Compress(compression, level);
        }

        _buffer[0] = compression is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(1), (uint)(_length - PrefixLength));
    }

    public override void SetPayloadLength(int payloadLength) => Reserve(payloadLength);

    public override IBufferWriter<byte> GetBufferWriter() => this;

    public override void Complete() => _complete = true;

    public override void Complete(byte[] payload)
    {
        Reserve(payload.Length);
        payload.CopyTo(_buffer.AsSpan(_length));
        _length += payload.Length;
        _complete = true;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private void Compress(ICompressionProvider compression, CompressionLevel? level)
    {
        using var compressed = new MemoryStream(_length);
        using (var stream = compression.CreateCompressionStream(compressed, level))
        {
            stream.Write(Message.Span);
        }

        _length = PrefixLength;
        Complete(compressed.ToArray());
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + count), Math.Clamp(_buffer.Length * 2, SmallestBuffer, 1 << 20)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
