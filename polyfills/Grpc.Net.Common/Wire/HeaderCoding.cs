using System.Buffers;
using System.Globalization;
using System.Text;
using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>How texts, bytes and durations are written in headers.</summary>
internal static class HeaderCoding
{
    // Largest value that the eight digits of grpc-timeout hold, in hours.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30_000);
    private static readonly SearchValues<char> PlainMessageCharacters = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Percent-codes what is not printable ASCII, and the percent sign.</summary>
    public static string EncodeMessage(string message)
    {
        if (!message.AsSpan().ContainsAnyExcept(PlainMessageCharacters))
        {
            return message;
        }

        var encoded = new StringBuilder(message.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in message.EnumerateRunes())
        {
            if (rune.IsBmp && PlainMessageCharacters.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes percent-codes; what is not a valid code stays as it is.</summary>
    public static string DecodeMessage(string message)
    {
        if (!message.Contains('%'))
        {
            return message;
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(message.Length)];
        var length = 0;
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] == '%' && i + 2 < message.Length
                && byte.TryParse(message.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                i += 2;
            }
            else
            {
                length += Encoding.UTF8.GetBytes(message.AsSpan(i, 1), bytes.AsSpan(length));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>At most eight digits and a unit; rounded up, so that the peer never gives up early.</summary>
    public static string EncodeTimeout(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        if (timeout > LongestTimeout)
        {
            timeout = LongestTimeout;
        }

        const long limit = 99_999_999;
        var ticks = timeout.Ticks;
        ReadOnlySpan<(char Unit, long TicksInUnit)> units =
        [
            ('u', TimeSpan.TicksPerMicrosecond),
            ('m', TimeSpan.TicksPerMillisecond),
            ('S', TimeSpan.TicksPerSecond),
            ('M', TimeSpan.TicksPerMinute),
            ('H', TimeSpan.TicksPerHour),
        ];
        foreach (var (unit, ticksInUnit) in units)
        {
            var value = (ticks + ticksInUnit - 1) / ticksInUnit;
            if (value <= limit)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
            }
        }

        throw new InvalidOperationException("A timeout was not limited.");
    }

    public static bool TryDecodeTimeout(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        // TimeSpan counts in 100 ns.
        long? ticks = text[^1] switch
        {
            'n' => (value + 99) / 100,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'S' => value * TimeSpan.TicksPerSecond,
            'M' => value * TimeSpan.TicksPerMinute,
            'H' => value * TimeSpan.TicksPerHour,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }

    public static string EncodeBinary(ReadOnlySpan<byte> value)
    {
        // The specification allows padding and asks senders to leave it out.
        var text = Convert.ToBase64String(value);
        return text.TrimEnd('=');
    }

    /// <summary>Accepts padded and unpadded base64. Throws <see cref="FormatException"/>.</summary>
    public static byte[] DecodeBinary(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var rest = text.Length % 4;
        if (rest == 0)
        {
            return Convert.FromBase64String(text.ToString());
        }

        return Convert.FromBase64String(string.Concat(text, "===".AsSpan(0, 4 - rest)));
    }

    /// <summary>Adds one received header. Repeated binary values may arrive joined by commas.</summary>
    public static void AddReceived(Metadata metadata, string name, string value)
    {
        var key = LowerCase(name);
        if (!Metadata.Entry.HasBinarySuffix(key))
        {
            metadata.Add(Metadata.Entry.FromWire(key, value));
            return;
        }

        foreach (var part in value.AsSpan().Split(','))
        {
            metadata.Add(Metadata.Entry.FromWire(key, DecodeBinary(value.AsSpan()[part])));
        }
    }

    public static string ValueToSend(Metadata.Entry entry) => entry.IsBinary ? EncodeBinary(entry.BytesWithoutCopy) : entry.Value;

    private static string LowerCase(string name)
    {
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                return name.ToLowerInvariant();
            }
        }

        return name;
    }
}
