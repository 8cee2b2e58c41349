using System.Buffers.Binary;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>PostgreSQL's binary forms of values.</summary>
internal static class PostgresBinary
{
    public const long MicrosecondsOfDay = 86_400_000_000;

    // PostgreSQL counts from 2000-01-01.
    private static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    public static int Day(ReadOnlySpan<byte> date) => BinaryPrimitives.ReadInt32BigEndian(date) + Epoch;

    public static long Microseconds(ReadOnlySpan<byte> timestamp) => BinaryPrimitives.ReadInt64BigEndian(timestamp) + (Epoch * MicrosecondsOfDay);

    /// <summary>Digits to the base 10,000, the first of them worth 10,000 to the power of "weight"; as many decimals as the number shows.</summary>
    /// <exception cref="FormatException">It is no number, or infinite.</exception>
    /// <exception cref="OverflowException">It has more digits than a decimal.</exception>
    public static decimal Number(ReadOnlySpan<byte> numeric)
    {
        var digits = BinaryPrimitives.ReadInt16BigEndian(numeric);
        var weight = BinaryPrimitives.ReadInt16BigEndian(numeric[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(numeric[4..]);
        var scale = BinaryPrimitives.ReadInt16BigEndian(numeric[6..]);
        if (sign is not (0 or 0x4000) || scale > 28)
        {
            throw new FormatException("An amount is no number");
        }

        // The last digit is worth 10 to the power of "power"; a decimal's last one is worth 10 to the power of −scale.
        var power = (4 * (weight - digits + 1)) + scale;
        if (digits <= 3 && power is >= -4 and <= 4)
        {
            return Small(numeric[8..], digits, power, sign != 0, (byte)scale);
        }

        Int128 mantissa = 0;
        for (var i = 0; i < digits; i++)
        {
            mantissa = checked((mantissa * 10_000) + BinaryPrimitives.ReadInt16BigEndian(numeric[(8 + (2 * i))..]));
        }

        for (; power != 0; power -= Math.Sign(power))
        {
            mantissa = power > 0 ? checked(mantissa * 10) : mantissa / 10;
        }

        var bits = (UInt128)mantissa;
        if (bits >> 96 != 0)
        {
            throw new OverflowException("An amount has too many digits");
        }

        return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), sign != 0, (byte)scale);
    }

    // Nearly all amounts: their digits fit into 64 bits, whose arithmetic takes a tenth of the time.
    private static decimal Small(ReadOnlySpan<byte> values, int digits, int power, bool isNegative, byte scale)
    {
        var mantissa = 0L;
        for (var i = 0; i < digits; i++)
        {
            mantissa = (mantissa * 10_000) + BinaryPrimitives.ReadInt16BigEndian(values[(2 * i)..]);
        }

        for (; power > 0; power--)
        {
            mantissa *= 10;
        }

        for (; power < 0; power++)
        {
            mantissa /= 10;
        }

        return new decimal((int)(uint)mantissa, (int)(uint)(mantissa >> 32), 0, isNegative, scale);
    }
}
