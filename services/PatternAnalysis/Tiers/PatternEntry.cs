using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// The bytes of one entry: magic, schema version, checksum, protobuf. The checksum (SHA-256, first 16 bytes) covers the key as
/// well, so that an entry under a foreign key, another organization's for instance, is refused like a damaged one.
/// </summary>
internal static class PatternEntry
{
    /// <summary>Raised when the meaning of the stored message changes; entries of another version are dropped.</summary>
    public const int SchemaVersion = 1;

    private const int ChecksumBytes = 16;
    private const int HeaderBytes = 4 + ChecksumBytes;

    private static ReadOnlySpan<byte> Magic => "PAT"u8;

    public static byte[] Write(PatternKey key, CustomerPatterns patterns)
    {
        var entry = new byte[HeaderBytes + patterns.CalculateSize()];
        Magic.CopyTo(entry);
        entry[3] = SchemaVersion;
        patterns.WriteTo(entry.AsSpan(HeaderBytes));
        Checksum(key, entry.AsSpan(HeaderBytes)).CopyTo(entry.AsSpan(4));
        return entry;
    }

    /// <summary>False when the entry is damaged, of another version, too large or not of this key.</summary>
    public static bool TryRead(PatternKey key, ReadOnlySpan<byte> entry, int maximumBytes, out CustomerPatterns? patterns)
    {
        patterns = null;
        if (entry.Length < HeaderBytes || entry.Length > maximumBytes || !entry[..3].SequenceEqual(Magic) || entry[3] != SchemaVersion
            || !entry.Slice(4, ChecksumBytes).SequenceEqual(Checksum(key, entry[HeaderBytes..])))
        {
            return false;
        }

        try
        {
            patterns = CustomerPatterns.Parser.ParseFrom(entry[HeaderBytes..]);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>Checksum over the key and any bytes.</summary>
    public static byte[] Checksum(PatternKey key, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (string[])[key.OrganizationId, key.CustomerId])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        hash.AppendData(payload);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }
}
