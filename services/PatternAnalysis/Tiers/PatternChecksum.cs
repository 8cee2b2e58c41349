using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Checksum (SHA-256, first 16 bytes) over a key and any bytes: a row under a foreign key is refused like a damaged one.</summary>
internal static class PatternChecksum
{
    private const int Bytes = 16;

    public static byte[] Of(PatternKey key, params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(key.OrganizationId));
        Append(hash, Encoding.UTF8.GetBytes(key.CustomerId));
        foreach (var part in parts)
        {
            Append(hash, part);
        }

        return hash.GetHashAndReset()[..Bytes];
    }

    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
