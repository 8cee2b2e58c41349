using System.Buffers;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>Shows one received message to a deserializer.</summary>
internal sealed class ReceivedPayload : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    public T Deserialize<T>(ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserializer)
    {
        _payload = payload;
        try
        {
            return deserializer(this);
        }
        finally
        {
            _payload = default;
        }
    }

    /// <summary>Throws <see cref="RpcException"/> when what comes out is over the limit or is no such encoding.</summary>
    public static ReadOnlySequence<byte> Decompress(ReadOnlySequence<byte> payload, ICompressionProvider compression, int? maxSize)
    {
        using var source = new MemoryStream(payload.ToArray(), writable: false);
        using var stream = compression.CreateDecompressionStream(source);
        using var result = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                if (result.Length + read > maxSize)
                {
                    throw OverLimit();
                }

                result.Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException wrong)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A message is not valid {compression.EncodingName}.", wrong));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return new ReadOnlySequence<byte>(result.GetBuffer(), 0, (int)result.Length);
    }

    public static RpcException OverLimit()
        => new(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));

    public static RpcException Incomplete()
        => new(new Status(StatusCode.Internal, "Incomplete message."));
}
