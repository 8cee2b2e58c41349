using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Caching.Entries;

/// <summary>What stands in an envelope beside the payload.</summary>
/// <param name="SchemaVersion">Version of the payload's meaning.</param>
/// <param name="IsAbsent">It is known that there is no value; the payload is empty.</param>
/// <param name="Snapshot">State that the data were read in, at most 255 characters; empty: not known.</param>
/// <param name="Life">Life that it had when it was written.</param>
/// <param name="Age">Time since its data were read, when it was written.</param>
/// <param name="Generation">Generation of the tenant's entries that it belongs to.</param>
/// <param name="DataVersion">Version of the data.</param>
internal readonly record struct EntryHeader(int SchemaVersion, bool IsAbsent, string Snapshot, TimeSpan Life, TimeSpan Age, string Generation, string DataVersion);

/// <summary>
/// The bytes of an entry outside of this process: mark, header, payload, checksum. The checksum (SHA-256, first 16 bytes) covers the key as
/// well, so that an entry under a foreign key, another tenant's for instance, is refused like a damaged one. Ages are
/// durations: the clocks of the machines need not agree.
/// </summary>
internal static class EntryEnvelope
{
    public const int ChecksumBytes = 16;

    /// <summary>Where the length of the snapshot stands, one byte, and behind it the snapshot: scripts read it.</summary>
    public const int SnapshotOffset = 22;

    private const byte FormatVersion = 1;
    private const int FixedBytes = SnapshotOffset;

    private static ReadOnlySpan<byte> Mark => "PC"u8;

    public static byte[] Write(CacheKey key, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var entry = new byte[FixedBytes + TextBytes(header.Snapshot) + TextBytes(header.Generation) + TextBytes(header.DataVersion) + payload.Length + ChecksumBytes];
        var at = entry.AsSpan();
        Mark.CopyTo(at);
        at[2] = FormatVersion;
        at[3] = header.IsAbsent ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], checked((ushort)header.SchemaVersion));
        BinaryPrimitives.WriteInt64LittleEndian(at[6..], (long)header.Life.TotalMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(at[14..], (long)header.Age.TotalMilliseconds);
        at = WriteText(WriteText(WriteText(at[FixedBytes..], header.Snapshot), header.Generation), header.DataVersion);
        payload.CopyTo(at);
        Checksum(key, entry.AsSpan(0, entry.Length - ChecksumBytes), entry.AsSpan(entry.Length - ChecksumBytes));
        return entry;
    }

    /// <summary>False when the entry is damaged, of another version or not of this key.</summary>
    public static bool TryRead(CacheKey key, int schemaVersion, ReadOnlySpan<byte> entry, out EntryHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (entry.Length < FixedBytes + 3 + ChecksumBytes || !entry[..2].SequenceEqual(Mark) || entry[2] != FormatVersion
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
        var snapshot = ReadText(ref rest);
        var generation = ReadText(ref rest);
        var version = ReadText(ref rest);
        payload = rest;
        header = new EntryHeader(
            schemaVersion,
            (entry[3] & 1) == 1,
            snapshot,
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(entry[6..])),
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(entry[14..])),
            generation,
            version);
        return true;
    }

    private static int TextBytes(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, byte.MaxValue, nameof(text));
        return 1 + bytes;
    }

    private static Span<byte> WriteText(Span<byte> at, string text)
    {
        at[0] = (byte)Encoding.UTF8.GetBytes(text, at[1..]);
        return at[(1 + at[0])..];
    }

    // The checksum has been checked: the lengths are those that were written.
    private static string ReadText(ref ReadOnlySpan<byte> rest)
    {
        var text = Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
        rest = rest[(1 + rest[0])..];
        return text;
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
