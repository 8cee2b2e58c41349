using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.ModelGateway;

/// <summary>
/// Writes JSON in room that each thread keeps, so that nothing but the result is made anew. Only what JSON demands is escaped, as providers write: other
/// escapes cost time and make texts longer. What is written must not use the room itself.
/// </summary>
internal static class JsonRoom
{
    private const int UsualBytes = 8 * 1024;
    private const int MostKept = 256 * 1024;
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _room;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    internal static byte[] Bytes(Action<Utf8JsonWriter> write) => Write(write, static room => room.WrittenSpan.ToArray());

    internal static string Text(Action<Utf8JsonWriter> write) => Write(write, static room => Encoding.UTF8.GetString(room.WrittenSpan));

    private static TResult Write<TResult>(Action<Utf8JsonWriter> write, Func<ArrayBufferWriter<byte>, TResult> read)
    {
        var room = _room ??= new ArrayBufferWriter<byte>(UsualBytes);
        var json = _json ??= new Utf8JsonWriter(room, Written);
        room.ResetWrittenCount();
        json.Reset(room);
        write(json);
        json.Flush();
        var result = read(room);
        if (room.Capacity > MostKept)
        {
            (_room, _json) = (null, null);
        }

        return result;
    }
}
