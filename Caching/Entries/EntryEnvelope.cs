using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Caching.Entries;

/// <summary>What stands in an envelope beside the payload.</summary>
/// <param name="SchemaVersion">Version of the payload's meaning.</param>
/// <param name="IsAbsent">It is known that there is no value; the payload is empty.</param>
/// <param name="Position">Position of the change feed up to which changes are contained; 0: not known.</param>
/// <param name="Life">Life that it had when it was written.</param>
/// <param name="Age">Time since its data were read, when it was written.</param>
/// <param name="Generation">Generation of the tenant's entries that it belongs to.</param>
/// <param name="DataVersion">Version of the data.</param>
internal readonly record struct EntryHeader(int SchemaVersion, bool IsAbsent, long Position, TimeSpan Life, TimeSpan Age, string Generation, string DataVersion);

/// <summary>
/// The bytes of an entry outside of this process: mark, header, payload, checksum. The checksum (SHA-256, first 16 bytes) covers the key as
/// well, so that an entry under a foreign key, another tenant's for instance, is refused like a damaged one. Ages are
/// durations: the clocks of the machines need not agree.
/// </summary>
internal static class EntryEnvelope
{
    public const int ChecksumBytes = 16;

    /// <summary>Where the position stands, for scripts: eight bytes, little-endian.</summary>
    public const int PositionOffset = 6;

    private const byte FormatVersion = 1;
    private const int FixedBytes = 30;

    private static ReadOnlySpan<byte> Mark => "PC"u8;

    public static byte[] Write(CacheKey key, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var generation = Encoding.UTF8.GetBytes(header.Generation);
        var version = Encoding.UTF8.GetBytes(header.DataVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(generation.Length, byte.MaxValue, nameof(header));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version.Length, byte.MaxValue, nameof(header));
        var entry = new byte[FixedBytes + 2 + generation.Length + version.Length + payload.Length + ChecksumBytes];
        var at = entry.AsSpan();
        Mark.CopyTo(at);
        at[2] = FormatVersion;
        at[3] = header.IsAbsent ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], checked((ushort)header.SchemaVersion));
        BinaryPrimitives.WriteInt64LittleEndian(at[PositionOffset..], header.Position);
        BinaryPrimitives.WriteInt64LittleEndian(at[14..], (long)header.Life.TotalMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(at[22..], (long)header.Age.TotalMilliseconds);
        at = at[FixedBytes..];
        at[0] = (byte)generation.Length;
        generation.CopyTo(at[1..]);
        at = at[(1 + generation.Length)..];
        at[0] = (byte)version.Length;
        version.CopyTo(at[1..]);
        payload.CopyTo(at[(1 + version.Length)..]);
        Checksum(key, entry.AsSpan(0, entry.Length - ChecksumBytes), entry.AsSpan(entry.Length - ChecksumBytes));
        return entry;
    }

    /// <summary>False when the entry is damaged, of another version or not of this key.</summary>
    public static bool TryRead(CacheKey key, int schemaVersion, ReadOnlySpan<byte> entry, out EntryHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (entry.Length < FixedBytes + 2 + ChecksumBytes || !entry[..2].SequenceEqual(Mark) || entry[2] != FormatVersion
            || BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) != schemaVersion)
        {
            return false;
        }

        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        Checksum(key, entry[..^ChecksumBytes], checksum);
        if (!checksum.SequenceEqual(entry[^ChecksumBytes..]))
        {
            return false;
        }

        var rest = entry[FixedBytes..^ChecksumBytes];
        var generation = rest.Slice(1, rest[0]);
        rest = rest[(1 + generation.Length)..];
        var version = rest.Slice(1, rest[0]);
        payload = rest[(1 + version.Length)..];
        header = new EntryHeader(
            schemaVersion,
            (entry[3] & 1) == 1,
            BinaryPrimitives.ReadInt64LittleEndian(entry[PositionOffset..]),
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(entry[14..])),
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(entry[22..])),
            Encoding.UTF8.GetString(generation),
            Encoding.UTF8.GetString(version));
        return true;
    }

    private static void Checksum(CacheKey key, ReadOnlySpan<byte> bytes, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, key.Tenant);
        Append(hash, key.Id);
        hash.AppendData(bytes);
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(full);
        full[..ChecksumBytes].CopyTo(checksum);
    }

    private static void Append(IncrementalHash hash, string part)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Encoding.UTF8.GetBytes(part);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
