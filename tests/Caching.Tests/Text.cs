using System.Text;

namespace Platform.Caching.Tests;

/// <summary>The cached value of these tests.</summary>
internal sealed record Text(string Content);

internal sealed class TextFormat(int schemaVersion = 1) : ICacheFormat<Text>
{
    public int SchemaVersion => schemaVersion;

    public byte[] Write(Text value) => Encoding.UTF8.GetBytes(value.Content);

    public Text Read(ReadOnlySpan<byte> bytes) => bytes.StartsWith("!"u8) ? throw new FormatException("not a text") : new Text(Encoding.UTF8.GetString(bytes));
}
