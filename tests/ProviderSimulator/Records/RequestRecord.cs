using System.Text.Json;

namespace Platform.ProviderSimulator.Records;

/// <summary>How a request ended, as the simulator saw it.</summary>
public enum RequestEnd
{
    /// <summary>It is being answered.</summary>
    Running,

    /// <summary>Everything that was meant to be sent was sent, an error status included.</summary>
    Answered,

    /// <summary>A fault broke it off.</summary>
    BrokenOff,

    /// <summary>The client closed the connection first.</summary>
    ClientLeft,
}

/// <summary>One request and what was done with it.</summary>
/// <param name="Number">From 1, in the order in which requests came.</param>
/// <param name="ReceivedAt">When its headers had come.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Streams">A stream was asked for.</param>
/// <param name="Did">Fault or mode, as <see cref="Faults.Behaviour.Parse"/> reads it.</param>
/// <param name="Status">HTTP status; 0 when none was sent.</param>
/// <param name="Frames">Text chunks that were sent.</param>
/// <param name="FirstByteAfter">Time to the first byte of the body.</param>
/// <param name="EndedAfter">Time to the end.</param>
/// <param name="ClientLeftAfter">Time after which the client closed the connection before the end; null when it stayed.</param>
/// <param name="End">How it ended.</param>
/// <param name="Body">What was sent to the simulator; absent when it was no JSON.</param>
/// <param name="Headers">All headers of the request, names in lower case.</param>
public sealed record RequestRecord(
    long Number,
    DateTimeOffset ReceivedAt,
    string Path,
    string Model,
    bool Streams,
    string Did,
    int Status,
    int Frames,
    TimeSpan? FirstByteAfter,
    TimeSpan? EndedAfter,
    TimeSpan? ClientLeftAfter,
    RequestEnd End,
    JsonElement? Body,
    IReadOnlyDictionary<string, string> Headers);
