using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
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

/// <summary>One line of a journal: 8 hex digits of the CRC-32C of the JSON, a space, the JSON. <paramref name="Call"/> joins begin and end.</summary>
internal sealed record JournalRecord(JournalRecordKind Kind, string Call, UsageRow? Row)
{
    private const int SumLength = 8;

    // Each thread has its own room to write in, so that lines are made without a lock and without garbage.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _room;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>The line with its end, valid until the same thread makes the next.</summary>
    internal ReadOnlySpan<byte> ToLine()
    {
        var room = _room ??= new ArrayBufferWriter<byte>(1024);
        room.ResetWrittenCount();
        room.Write("         "u8);
        var json = _json ??= new Utf8JsonWriter(room);
        json.Reset(room);
        JsonSerializer.Serialize(json, this, JournalJson.Default.JournalRecord);
        json.Flush();
        room.Write("\n"u8);
        var line = MemoryMarshal.AsMemory(room.WrittenMemory).Span;
        WriteSum(line[(SumLength + 1)..^1], line);
        return line;
    }

    /// <summary>Null when the line, without its end, is damaged.</summary>
    internal static JournalRecord? FromLine(ReadOnlySpan<byte> line)
    {
        Span<byte> sum = stackalloc byte[SumLength];
        if (line.Length <= SumLength + 1 || line[SumLength] != (byte)' ')
        {
            return null;
        }

        WriteSum(line[(SumLength + 1)..], sum);
        if (!line[..SumLength].SequenceEqual(sum))
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

    private static void WriteSum(ReadOnlySpan<byte> json, Span<byte> sum)
    {
        var crc = uint.MaxValue;
        for (; json.Length >= sizeof(ulong); json = json[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, MemoryMarshal.Read<ulong>(json));
        }

        foreach (var rest in json)
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        Utf8Formatter.TryFormat(~crc, sum, out _, new StandardFormat('x', SumLength));
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = false)]
[JsonSerializable(typeof(JournalRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
