using System.Buffers;

namespace Platform.ModelGateway.Usage;

/// <summary>Records that go to the disk in one write.</summary>
internal sealed class JournalBatch
{
    private readonly ArrayBufferWriter<byte> _lines = new(4096);
    private readonly List<JournalRecord> _records = [];
    private TaskCompletionSource? _written;

    internal ReadOnlySpan<byte> Lines => _lines.WrittenSpan;

    internal IReadOnlyList<JournalRecord> Records => _records;

    internal bool IsEmpty => _records.Count == 0;

    /// <summary>One of its callers waits for the disk.</summary>
    internal bool IsDurable { get; private set; }

    /// <summary>Ends when the batch is written, or with what kept it from being.</summary>
    internal Task Written => (_written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal void Add(JournalRecord record, ReadOnlySpan<byte> line, bool isDurable)
    {
        _lines.Write(line);
        _records.Add(record);
        IsDurable |= isDurable;
    }

    internal void Succeeded() => _written?.TrySetResult();

    internal void Failed(IOException error) => _written?.TrySetException(error);
}
