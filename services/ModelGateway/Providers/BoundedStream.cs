namespace Platform.ModelGateway.Providers;

internal sealed class BodyTooLongException(long limit) : IOException($"More than {limit} bytes.");

/// <summary>
/// Reads no more than a limit, so that an endless answer or line cannot fill the memory, and tells before every read, so that
/// a body that stands still can be given up.
/// </summary>
internal sealed class BoundedStream(Stream inner, long limit, Action? reading = null) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>Counts from nothing again.</summary>
    internal void Renew() => _read = 0;

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        reading?.Invoke();
        return Count(await inner.ReadAsync(buffer, cancellationToken));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int bytes)
    {
        _read += bytes;
        return _read <= limit ? bytes : throw new BodyTooLongException(limit);
    }
}
