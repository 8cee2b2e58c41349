using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.PatternAnalysis.Histories;

/// <summary>
/// Names the data that detectors see: SHA-256 over customer, day, orders and settled invoices, the first eight bytes as hex. Equal data on
/// equal days have equal versions, whether they were read for one customer or for all; whatever a detector could tell apart changes it.
/// </summary>
internal static class DataVersion
{
    private const int Bytes = 8;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? writer;

    public static string Of(CustomerHistory history)
    {
        var to = writer ??= new ArrayBufferWriter<byte>(4096);
        to.ResetWrittenCount();
        Write(to, history.Subject.CustomerId);
        Write(to, history.Subject.Name);
        Write(to, history.Subject.Currency);
        Write(to, history.Subject.Status);
        Write(to, history.Subject.AsOf.DayNumber);
        Write(to, history.Orders.Count);
        for (var i = 0; i < history.Orders.Count; i++)
        {
            var order = history.Orders[i];
            Write(to, order.Id);
            Write(to, order.PlacedOn.DayNumber);
            Write(to, order.Priority);
            Write(to, order.Amount);
            Write(to, order.Currency);
        }

        for (var i = 0; i < history.Invoices.Count; i++)
        {
            var invoice = history.Invoices[i];
            Write(to, invoice.Id);
            Write(to, invoice.DueOn.DayNumber);
            Write(to, invoice.DaysLate);
            Write(to, invoice.IsOpen ? 1 : 0);
            Write(to, invoice.Amount);
            Write(to, invoice.Currency);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(to.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash[..Bytes]);
    }

    private static void Write(ArrayBufferWriter<byte> to, string text)
    {
        var span = to.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        to.Advance(4 + length);
    }

    private static void Write(ArrayBufferWriter<byte> to, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), number);
        to.Advance(4);
    }

    private static void Write(ArrayBufferWriter<byte> to, decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        foreach (var part in bits)
        {
            Write(to, part);
        }
    }
}
