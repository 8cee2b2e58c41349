using System.Text;
using Platform.Caching.Entries;

namespace Platform.Caching.Tests.Entries;

public sealed class EntryEnvelopeTests
{
    private static readonly CacheKey Key = new("tenant", "C:1");
    private static readonly EntryHeader Header = new(3, false, "700:720:705,711", TimeSpan.FromHours(24), TimeSpan.FromSeconds(5), "r1|r2", "data-7");
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("the payload of an entry — with more than ASCII");

    [Fact]
    public void TryRead_WhatWasWritten_TheSame()
    {
        var entry = EntryEnvelope.Write(Key, Header, Payload);

        Assert.True(EntryEnvelope.TryRead(Key, 3, entry, out var header, out var payload));
        Assert.Equal(Header, header);
        Assert.Equal(Payload, payload.ToArray());
        Assert.Equal(Header.Snapshot, Encoding.UTF8.GetString(entry, EntryEnvelope.SnapshotOffset + 1, entry[EntryEnvelope.SnapshotOffset]));
    }

    [Fact]
    public void TryRead_AnyBitFlipped_Refused()
    {
        var entry = EntryEnvelope.Write(Key, Header, Payload);
        for (var bit = 0; bit < entry.Length * 8; bit++)
        {
            entry[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EntryEnvelope.TryRead(Key, 3, entry, out _, out _));
            entry[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void TryRead_AnyLengthButItsOwn_Refused()
    {
        var entry = EntryEnvelope.Write(Key, Header, Payload);
        for (var length = 0; length < entry.Length; length++)
        {
            Assert.False(EntryEnvelope.TryRead(Key, 3, entry.AsSpan(0, length), out _, out _));
        }

        Assert.False(EntryEnvelope.TryRead(Key, 3, [.. entry, 0], out _, out _));
    }

    [Theory]
    [InlineData("other", "C:1", 3)]
    [InlineData("tenant", "C:2", 3)]
    [InlineData("tenantC", ":1", 3)]
    [InlineData("tenant", "C:1", 2)]
    [InlineData("tenant", "C:1", 4)]
    public void TryRead_ForeignKeyOrVersion_Refused(string tenant, string id, int schema) =>
        Assert.False(EntryEnvelope.TryRead(new CacheKey(tenant, id), schema, EntryEnvelope.Write(Key, Header, Payload), out _, out _));

    [Fact]
    public void TryRead_Noise_Refused()
    {
        var random = new Random(4);
        for (var i = 0; i < 5000; i++)
        {
            var noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            if (noise.Length > 3 && i % 2 == 0)
            {
                "PC\u0001"u8.CopyTo(noise);
            }

            Assert.False(EntryEnvelope.TryRead(Key, 3, noise, out _, out _));
        }
    }
}
