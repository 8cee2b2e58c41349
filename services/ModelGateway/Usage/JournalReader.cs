namespace Platform.ModelGateway.Usage;

/// <summary>Reads the whole lines of a segment from a place on, also while it is written.</summary>
internal static class JournalReader
{
    private const int MostBytes = 1 << 20;

    /// <summary>Records from <paramref name="offset"/>, at most a mebibyte of them, the place behind them, and how many lines were damaged.</summary>
    internal static async Task<(IReadOnlyList<JournalRecord> Records, long Next, int Damaged)> ReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        file.Position = offset;
        var buffer = new byte[Math.Clamp(file.Length - offset, 0, MostBytes)];
        var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Parse(buffer.AsSpan(0, length), offset);
    }

    private static (IReadOnlyList<JournalRecord> Records, long Next, int Damaged) Parse(ReadOnlySpan<byte> bytes, long offset)
    {
        var records = new List<JournalRecord>();
        var damaged = 0;
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (JournalRecord.FromLine(bytes[..end]) is { } record)
            {
                records.Add(record);
            }
            else
            {
                damaged++;
            }

            bytes = bytes[(end + 1)..];
            offset += end + 1;
        }

        return (records, offset, damaged);
    }
}
