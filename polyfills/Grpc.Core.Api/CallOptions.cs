namespace Grpc.Core;

/// <summary>What one call asks for beside its message.</summary>
public struct CallOptions
{
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    public Metadata? Headers { get; private set; }

    /// <summary>In UTC. Null: no deadline.</summary>
    public DateTime? Deadline { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    public WriteOptions? WriteOptions { get; private set; }

    public ContextPropagationToken? PropagationToken { get; private set; }

    public CallCredentials? Credentials { get; private set; }

    public bool IsWaitForReady { get; private set; }

    public readonly CallOptions WithHeaders(Metadata headers)
    {
        var copy = this;
        copy.Headers = headers;
        return copy;
    }

    public readonly CallOptions WithDeadline(DateTime deadline)
    {
        var copy = this;
        copy.Deadline = deadline;
        return copy;
    }

    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken)
    {
        var copy = this;
        copy.CancellationToken = cancellationToken;
        return copy;
    }

    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions)
    {
        var copy = this;
        copy.WriteOptions = writeOptions;
        return copy;
    }

    public readonly CallOptions WithPropagationToken(ContextPropagationToken propagationToken)
    {
        var copy = this;
        copy.PropagationToken = propagationToken;
        return copy;
    }

    public readonly CallOptions WithCredentials(CallCredentials credentials)
    {
        var copy = this;
        copy.Credentials = credentials;
        return copy;
    }

    public readonly CallOptions WithWaitForReady(bool waitForReady = true)
    {
        var copy = this;
        copy.IsWaitForReady = waitForReady;
        return copy;
    }
}

/// <summary>What a call made inside a handler inherits from the call being handled.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}

public class ContextPropagationOptions
{
    public static readonly ContextPropagationOptions Default = new();

    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    public bool IsPropagateDeadline { get; }

    public bool IsPropagateCancellation { get; }
}
