namespace Platform.ProviderSimulator;

/// <summary>What a part of a stream is for.</summary>
internal enum FrameKind
{
    Opening,
    Text,
    Finish,
    Usage,
    EndMark,
}

/// <summary>One server-sent event, ready to send.</summary>
internal sealed record Frame(FrameKind Kind, byte[] Bytes);
