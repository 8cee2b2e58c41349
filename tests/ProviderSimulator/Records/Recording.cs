using System.Text.Json;

namespace Platform.ProviderSimulator.Records;

/// <summary>A request while it is answered.</summary>
internal sealed class Recording(long number, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _receivedAt = time.GetUtcNow();
    private readonly long _began = time.GetTimestamp();
    private TimeSpan? _firstByte;
    private TimeSpan? _ended;
    private TimeSpan? _left;
    private int _frames;

    internal long Number => number;

    internal string Path { get; set; } = "";

    internal string Model { get; set; } = "";

    internal bool Streams { get; set; }

    internal string Did { get; set; } = "";

    internal int Status { get; set; }

    internal JsonElement? Body { get; set; }

    internal IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    internal RequestEnd End { get; private set; }

    internal void Sent(int frames = 0)
    {
        lock (_gate)
        {
            _firstByte ??= time.GetElapsedTime(_began);
            _frames += frames;
        }
    }

    /// <summary>The first end counts: what follows our own end of a connection is not the client's doing.</summary>
    internal void Ended(RequestEnd end)
    {
        lock (_gate)
        {
            if (End != RequestEnd.Running)
            {
                return;
            }

            End = end;
            _ended = time.GetElapsedTime(_began);
            _left = end == RequestEnd.ClientLeft ? _ended : null;
        }
    }

    internal RequestRecord Read()
    {
        lock (_gate)
        {
            return new RequestRecord(number, _receivedAt, Path, Model, Streams, Did, Status, _frames, _firstByte, _ended, _left, End, Body, Headers);
        }
    }
}
