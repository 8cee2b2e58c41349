using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.ModelGateway.Audit;

/// <summary>What is to be kept of an event. Texts are masked before they come here.</summary>
/// <param name="Action">For example <c>chat.requested</c>.</param>
/// <param name="Detail">JSON.</param>
internal sealed record AuditEntry(string Organization, string RequestId, string User, string Action, string Detail, DateTimeOffset At);

/// <summary>A row of app.audit: an entry in its place in the chain of its shard.</summary>
internal sealed record AuditRow(int Shard, long Sequence, AuditEntry Entry, byte[] PreviousHash, byte[] Hash, string KeyId)
{
    /// <summary>What the first row of a shard has as previous hash.</summary>
    internal static byte[] Genesis { get; } = new byte[SHA256.HashSizeInBytes];

    internal static AuditRow After(int shard, long sequence, byte[] previousHash, AuditEntry entry, AuditKey key)
    {
        // PostgreSQL keeps microseconds, and what is hashed must be what is kept.
        var kept = entry with { At = Truncate(entry.At) };
        var row = new AuditRow(shard, sequence, kept, previousHash, [], key.Id);
        return row with { Hash = row.ComputeHash(key) };
    }

    /// <summary>HMAC-SHA256, or SHA-256 without a key, over the previous hash and the canonical bytes.</summary>
    internal byte[] ComputeHash(AuditKey key)
    {
        var canonical = Canonical();
        return key.Hash(canonical);
    }

    /// <summary>
    /// <c>platform.audit.v1</c>, previous hash, shard, sequence, microseconds since 1970, then organization, request, user, action, detail and
    /// key id as UTF-8; numbers are big-endian and every text and hash has its length before it, so that no two rows have the same bytes.
    /// </summary>
    private byte[] Canonical()
    {
        string[] texts = ["platform.audit.v1", Entry.Organization, Entry.RequestId, Entry.User, Entry.Action, Entry.Detail, KeyId];
        var length = 4 + PreviousHash.Length + 4 + 8 + 8 + texts.Sum(text => 4 + Encoding.UTF8.GetByteCount(text));
        var bytes = new byte[length];
        var rest = bytes.AsSpan();
        Write(ref rest, texts[0]);
        BinaryPrimitives.WriteInt32BigEndian(rest, PreviousHash.Length);
        PreviousHash.CopyTo(rest[4..]);
        rest = rest[(4 + PreviousHash.Length)..];
        BinaryPrimitives.WriteInt32BigEndian(rest, Shard);
        BinaryPrimitives.WriteInt64BigEndian(rest[4..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(rest[12..], Microseconds(Entry.At));
        rest = rest[20..];
        foreach (var text in texts.AsSpan(1))
        {
            Write(ref rest, text);
        }

        return bytes;
    }

    private static void Write(ref Span<byte> rest, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, rest[4..]);
        BinaryPrimitives.WriteInt32BigEndian(rest, written);
        rest = rest[(4 + written)..];
    }

    private static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Truncate(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
