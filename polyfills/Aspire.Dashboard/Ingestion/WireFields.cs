using System.Buffers.Binary;

namespace Aspire.Dashboard.Ingestion;

/// <summary>Walks over the fields of one encoded message of Protocol Buffers and makes nothing of them.</summary>
internal struct WireFields(byte[] data, int start, int length)
{
    private const int LongestVarint = 10;

    private readonly int end = start + length;
    private int position = start;

    /// <summary>Number of the field.</summary>
    public int Number { get; private set; }

    /// <summary>Where its bytes begin, if it is a text, bytes or a message; otherwise -1.</summary>
    public int Start { get; private set; }

    /// <summary>How many they are.</summary>
    public int Length { get; private set; }

    /// <summary>Value of a field that is a number.</summary>
    public ulong Value { get; private set; }

    /// <returns>False after the last field.</returns>
    /// <exception cref="InvalidDataException">It is not such a message.</exception>
    public bool Next()
    {
        if (position == end)
        {
            return false;
        }

        var tag = Varint();
        Number = (int)(tag >> 3);
        (Start, Length, Value) = (-1, 0, 0);
        switch (tag & 7)
        {
            case 0:
                Value = Varint();
                break;
            case 1:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(Skip(sizeof(ulong))));
                break;
            case 2:
                var bytes = Varint();
                Length = bytes <= int.MaxValue ? (int)bytes : throw Invalid();
                Start = Skip(Length);
                break;
            case 5:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(Skip(sizeof(uint))));
                break;
            default:
                throw Invalid();
        }

        return true;
    }

    /// <summary>The bytes of the first field of that number, or none.</summary>
    public static ReadOnlySpan<byte> Find(byte[] data, int start, int length, int number)
    {
        var fields = new WireFields(data, start, length);
        while (fields.Next())
        {
            if (fields.Number == number && fields.Start >= 0)
            {
                return data.AsSpan(fields.Start, fields.Length);
            }
        }

        return [];
    }

    private static InvalidDataException Invalid() => new("The body is not the message that this address takes.");

    private int Skip(int count)
    {
        var from = position;
        position = count <= end - from ? from + count : throw Invalid();
        return from;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var index = 0; index < LongestVarint && position < end; index++)
        {
            var part = data[position++];
            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Invalid();
    }
}
