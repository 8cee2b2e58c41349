namespace Platform.ProviderSimulator.Faults;

/// <summary>
/// What may go wrong with one request. Two faults need another address than the simulator's: see
/// <see cref="ProviderSimulatorHost.RefusingUrl"/> and <see cref="ProviderSimulatorHost.BlackHoleUrl"/>.
/// </summary>
public enum Fault
{
    None,

    /// <summary>The connection is reset (RST) before anything is sent.</summary>
    Reset,

    /// <summary>The connection is closed (FIN) before anything is sent.</summary>
    Close,

    /// <summary>Nothing is ever sent.</summary>
    HangBeforeHeaders,

    /// <summary>Status and headers come, then nothing.</summary>
    HangAfterHeaders,

    /// <summary>A part of the answer comes, then nothing; the connection stays open.</summary>
    HangMidStream,

    /// <summary>The answer comes a byte at a time, every 100 ms unless <see cref="Behaviour.Pace"/> says otherwise.</summary>
    SlowDrip,

    /// <summary>A part of the answer comes, then the connection is closed (FIN).</summary>
    CutMidStream,

    /// <summary>A part of the answer comes, then the connection is reset (RST).</summary>
    ResetMidStream,

    /// <summary>The stream ends in order for HTTP, but the answer has not: no finish reason, no end mark. Not streamed: half of the JSON with a length that fits.</summary>
    EndEarly,

    /// <summary>An error status: <see cref="Behaviour.Status"/>, with a body in the provider's shape.</summary>
    Status,

    /// <summary>200 with a page of HTML.</summary>
    Garbage,

    /// <summary>200, a stream, and one of its chunks is not JSON.</summary>
    GarbageMidStream,

    /// <summary>200 with an error instead of an answer.</summary>
    ErrorInSuccess,

    /// <summary>A part of the answer comes, then an error event.</summary>
    ErrorMidStream,

    /// <summary>200 with no body at all.</summary>
    EmptyBody,

    /// <summary>200 with an answer in the right shape and no content.</summary>
    EmptyAnswer,

    /// <summary>One line, or one string, of 32 MB.</summary>
    HugeLine,

    /// <summary>Opening, finish and usage chunks come twice; the text does not.</summary>
    DuplicateChunks,

    /// <summary>The finish chunk comes before the last text.</summary>
    ReorderedChunks,

    /// <summary>No token counts, though they were asked for.</summary>
    MissingUsage,

    /// <summary>The right answer under <c>text/html</c>.</summary>
    WrongContentType,

    /// <summary>All of the answer with its finish reason; only the end mark (<c>[DONE]</c>, <c>message_stop</c>) is missing.</summary>
    MissingEndMark,
}
