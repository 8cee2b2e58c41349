using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Checksum (SHA-256, first 16 bytes) over a key and any bytes: a row under a foreign key is refused like a damaged one.</summary>
internal static class PatternChecksum
{
    private const int Bytes = 16;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? writer;

    public static byte[] Of(PatternKey key, params ReadOnlySpan<byte[]> parts)
    {
        var to = writer ??= new ArrayBufferWriter<byte>(4096);
        to.ResetWrittenCount();
        Append(to, Encoding.UTF8.GetBytes(key.OrganizationId));
        Append(to, Encoding.UTF8.GetBytes(key.CustomerId));
        foreach (var part in parts)
        {
            Append(to, part);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(to.WrittenSpan, hash);
        return hash[..Bytes].ToArray();
    }

    private static void Append(ArrayBufferWriter<byte> to, byte[] bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), bytes.Length);
        to.Advance(4);
        to.Write(bytes);
    }
}
