using System.Buffers.Binary;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>
/// The rows of <c>COPY … TO STDOUT (FORMAT binary)</c> one after the other, without an object for any of them. The spans and values of a row hold
/// until the next one is asked for. Format: PostgreSQL's documentation of COPY, "Binary Format".
/// </summary>
internal sealed class CopyRows(Stream stream, int columns)
{
    // Signature, flags and the length of an extension, which is empty in all versions so far.
    private const int HeaderBytes = 19;
    private const int Trailer = -1;

    private readonly int[] starts = new int[columns];
    private readonly int[] lengths = new int[columns];
    private byte[] buffer = new byte[64 * 1024];
    private int position;
    private int end;
    private bool isInside;

    private enum Step
    {
        Row,
        End,
        More,
    }

    /// <returns>False after the last row.</returns>
    /// <exception cref="FormatException">The rows are not what was asked for.</exception>
    public ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = Parse();
            if (step != Step.More)
            {
                return new ValueTask<bool>(step == Step.Row);
            }

            MakeRoom();
            var reading = stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (!reading.IsCompletedSuccessfully)
            {
                return NextAsync(reading, cancellationToken);
            }

            Take(reading.Result);
        }
    }

    /// <returns>UTF-8; empty when the value is null.</returns>
    public ReadOnlySpan<byte> Text(int column) => buffer.AsSpan(starts[column], Math.Max(0, lengths[column]));

    /// <summary>A <c>date</c> as <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day(int column) => PostgresBinary.Day(Value(column, 4));

    /// <summary>A <c>timestamptz</c> in microseconds since the first day of year 1, UTC.</summary>
    public long Microseconds(int column) => PostgresBinary.Microseconds(Value(column, 8));

    /// <summary>A <c>numeric</c> with its scale.</summary>
    public decimal Number(int column) => PostgresBinary.Number(Value(column, 8));

    private async ValueTask<bool> NextAsync(ValueTask<int> reading, CancellationToken cancellationToken)
    {
        Take(await reading);
        return await NextAsync(cancellationToken);
    }

    private ReadOnlySpan<byte> Value(int column, int fewest) => lengths[column] >= fewest
        ? buffer.AsSpan(starts[column], lengths[column])
        : throw new FormatException($"Column {column} has {lengths[column]} bytes, fewer than {fewest}");

    private void Take(int read) => end += read > 0 ? read : throw new FormatException("The rows end in the middle");

    private void MakeRoom()
    {
        if (position == end)
        {
            (position, end) = (0, 0);
        }
        else if (end == buffer.Length)
        {
            var larger = position > 0 ? buffer : new byte[buffer.Length * 2];
            Buffer.BlockCopy(buffer, position, larger, 0, end - position);
            (buffer, end, position) = (larger, end - position, 0);
        }
    }

    private Step Parse()
    {
        var at = position + (isInside ? 0 : HeaderBytes);
        if (end - at < 2)
        {
            return Step.More;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(at));
        if (count == Trailer)
        {
            return Step.End;
        }

        if (count != starts.Length)
        {
            throw new FormatException($"{count} columns where {starts.Length} are expected");
        }

        at += 2;
        for (var column = 0; column < count; column++)
        {
            if (end - at < 4)
            {
                return Step.More;
            }

            (starts[column], lengths[column]) = (at + 4, BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at)));
            at += 4 + Math.Max(0, lengths[column]);
            if (at > end)
            {
                return Step.More;
            }
        }

        (position, isInside) = (at, true);
        return Step.Row;
    }
}
