using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serializes messages straight into the response pipe where their length is known beforehand and nothing compresses them.</summary>
internal sealed class ResponseFrame(PipeWriter body, int? maxSize, CompressionLevel? level) : SerializationContext
{
    private int? _announcedLength;

    /// <summary>Whether the last message, complete or not, left bytes in the pipe.</summary>
    public bool HasWritten { get; private set; }

    public void Write<T>(T message, Action<T, SerializationContext> serializer, ICompressionProvider? compression)
    {
        HasWritten = false;
        _announcedLength = null;
        if (compression is null)
        {
            serializer(message, this);
            return;
        }

        using var payload = new PooledPayload();
        payload.Frame(message, serializer, maxSize, compression, level);
        body.Write(payload.Framed.Span);
    }

    public override void SetPayloadLength(int payloadLength)
    {
        if (payloadLength > maxSize)
        {
            throw TooLarge();
        }

        _announcedLength = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        WritePrefix(_announcedLength ?? throw new InvalidOperationException("The length of a message is set before its bytes are written."));
        return body;
    }

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload)
    {
        if (payload.Length > maxSize)
        {
            throw TooLarge();
        }

        WritePrefix(payload.Length);
        body.Write(payload);
    }

    private void WritePrefix(int length)
    {
        var prefix = body.GetSpan(PooledPayload.PrefixLength);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        body.Advance(PooledPayload.PrefixLength);
        HasWritten = true;
    }

    private static RpcException TooLarge() => new(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."));
}
