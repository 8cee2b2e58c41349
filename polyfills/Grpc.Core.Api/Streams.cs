namespace Grpc.Core;

/// <summary>Messages as they arrive: call <see cref="MoveNext"/>, then read <see cref="Current"/>.</summary>
public interface IAsyncStreamReader<out T>
{
    T Current { get; }

    /// <summary>False when the stream has ended.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

public interface IAsyncStreamWriter<in T>
{
    /// <summary>Applies to the writes that follow; null means the options of the call.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends one message. One write at a time.</summary>
    Task WriteAsync(T message);

    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("This stream writer cannot cancel a write.");
        }

        return WriteAsync(message);
    }
}

public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no message follows.</summary>
    Task CompleteAsync();
}

public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait for the next one before it leaves.</summary>
    BufferHint = 0x1,

    /// <summary>The message is sent as it is, even when the call compresses.</summary>
    NoCompress = 0x2,
}

public class WriteOptions
{
    public static readonly WriteOptions Default = new();

    public WriteOptions(WriteFlags flags = default)
    {
        Flags = flags;
    }

    public WriteFlags Flags { get; }
}
