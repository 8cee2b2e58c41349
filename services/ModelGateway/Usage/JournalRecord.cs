using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.ModelGateway.Usage;

internal enum JournalRecordKind
{
    /// <summary>A provider is about to be asked; the row is what is known if nothing follows.</summary>
    Begun,

    /// <summary>The call ended; the row is final.</summary>
    Ended,

    /// <summary>No provider was asked after all.</summary>
    Withdrawn,
}

/// <summary>One line of a journal: 16 hex digits of the SHA-256 of the JSON, a space, the JSON. <paramref name="Call"/> joins begin and end.</summary>
internal sealed record JournalRecord(JournalRecordKind Kind, string Call, UsageRow? Row)
{
    private const int SumLength = 16;

    internal byte[] ToLine()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.JournalRecord);
        var line = new byte[SumLength + 1 + json.Length + 1];
        Sum(json).CopyTo(line, 0);
        line[SumLength] = (byte)' ';
        json.CopyTo(line, SumLength + 1);
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Null when the line, without its end, is damaged.</summary>
    internal static JournalRecord? FromLine(ReadOnlySpan<byte> line)
    {
        if (line.Length <= SumLength + 1 || line[SumLength] != (byte)' ' || !line[..SumLength].SequenceEqual(Sum(line[(SumLength + 1)..])))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(line[(SumLength + 1)..], JournalJson.Default.JournalRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Sum(ReadOnlySpan<byte> json) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, SumLength / 2)));
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = false)]
[JsonSerializable(typeof(JournalRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
