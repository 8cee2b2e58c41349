using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.EntityResolution.Index;

/// <summary>A fast hash of short texts; the same in every process, so that an index built twice is the same index.</summary>
internal static class TextHash
{
    private const ulong Mix = 0x9E3779B97F4A7C15;

    public static uint Of(ReadOnlySpan<char> text)
    {
        var hash = (ulong)text.Length * Mix;
        var chunks = MemoryMarshal.Cast<char, ulong>(text);
        foreach (var chunk in chunks)
        {
            hash = Fold(hash ^ chunk);
        }

        ulong rest = 0;
        foreach (var character in text[(chunks.Length * 4)..])
        {
            rest = (rest << 16) | character;
        }

        return (uint)(Fold(hash ^ rest) >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong value)
    {
        value *= Mix;
        return value ^ (value >> 29);
    }
}
