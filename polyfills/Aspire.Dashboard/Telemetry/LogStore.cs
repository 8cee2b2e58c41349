namespace Aspire.Dashboard.Telemetry;

/// <summary>One structured log entry. <see cref="Sequence"/> grows by one with each; time is nanoseconds since 1970.</summary>
internal sealed record LogEntry(
    long Sequence, long Time, int Severity, string Message, string Category, TelemetrySource Source, string? TraceId, string? SpanId, KeyValuePair<string, string>[] Attributes) : IArrivedEntry
{
    public LogEntry Read() => this;
}

/// <summary>Which entries to list.</summary>
internal sealed record LogQuery
{
    public string? Service { get; init; }

    /// <summary>Lowest severity number of OTLP: 1 trace, 5 debug, 9 information, 13 warning, 17 error, 21 fatal.</summary>
    public int MinimumSeverity { get; init; }

    /// <summary>Part of the message, the category or an attribute's value.</summary>
    public string? Text { get; init; }

    public string? TraceId { get; init; }

    /// <summary>Only entries older than this one.</summary>
    public long Before { get; init; } = long.MaxValue;

    /// <summary>Only entries newer than this one.</summary>
    public long After { get; init; }

    public int Limit { get; init; } = 200;

    /// <summary>Whether the entry is worth reading: most are not of the trace or the severity that is asked for.</summary>
    public bool MayMatch(IArrivedEntry entry) =>
        entry.Severity >= MinimumSeverity
        && (Service is null || entry.Source.Service == Service)
        && (TraceId is null || entry.TraceId == TraceId);

    public bool Matches(LogEntry entry) =>
        MayMatch(entry)
        && (Text is null
            || entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || entry.Category.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || Array.Exists(entry.Attributes, pair => pair.Value.Contains(Text, StringComparison.OrdinalIgnoreCase)));
}

/// <summary>The latest log entries in a ring.</summary>
internal sealed class LogStore(TelemetryLimits limits)
{
    private readonly Lock gate = new();
    private Numbered?[] ring = new Numbered?[Math.Min(1_024, limits.MaxLogCount)];
    private long last;

    /// <summary>Sequence of the newest entry.</summary>
    public long Version => Interlocked.Read(ref last);

    public void Add(IEnumerable<IArrivedEntry> entries)
    {
        lock (gate)
        {
            foreach (var entry in entries)
            {
                var sequence = last + 1;
                if (sequence > ring.Length && ring.Length < limits.MaxLogCount)
                {
                    Grow();
                }

                ring[Slot(sequence)] = new Numbered(sequence, entry);
                Interlocked.Exchange(ref last, sequence);
            }
        }
    }

    /// <summary>The newest entries that fit, newest first.</summary>
    public IReadOnlyList<LogEntry> List(LogQuery query)
    {
        Numbered?[] slots;
        long newest;
        lock (gate)
        {
            (slots, newest) = (ring, last);
        }

        // What an entry says never changes, so the search needs no lock: a slot that was written over meanwhile shows by its sequence.
        var found = new List<LogEntry>();
        var oldest = Math.Max(newest - slots.Length, query.After);
        for (var sequence = Math.Min(newest, query.Before - 1); sequence > oldest && found.Count < query.Limit; sequence--)
        {
            if (slots[(int)((sequence - 1) % slots.Length)] is { } slot && slot.Sequence == sequence && query.MayMatch(slot.Entry) && slot.Read() is var entry && query.Matches(entry))
            {
                found.Add(entry);
            }
        }

        return found;
    }

    public void Clear()
    {
        lock (gate)
        {
            Array.Clear(ring);
        }
    }

    private int Slot(long sequence) => (int)((sequence - 1) % ring.Length);

    // The ring grows only before it turns for the first time, so the order of the slots stays.
    private void Grow() => Array.Resize(ref ring, Math.Min(ring.Length * 4, limits.MaxLogCount));

    /// <summary>An entry and its number; what was encoded is read when somebody wants it, and kept so.</summary>
    private sealed class Numbered(long sequence, IArrivedEntry entry)
    {
        public long Sequence => sequence;

        public IArrivedEntry Entry { get; private set; } = entry;

        public LogEntry Read()
        {
            var read = Entry.Read();
            if (read.Sequence != sequence)
            {
                Entry = read = read with { Sequence = sequence };
            }

            return read;
        }
    }
}
