using System.Buffers;
using System.Globalization;
using System.Threading.Channels;

namespace Platform.ServiceDefaults;

/// <summary>
/// Writes lines to files in the background. Callers never wait: when the disk is too slow the oldest lines are dropped. When it is full
/// or the folder is gone, it is tried again, and the file says how many lines are missing. Replicas that share a folder write files of
/// their own: each holds <c>&lt;name&gt;.lock</c>, or the first free of <c>&lt;name&gt;-2.lock</c> and so on, which the system frees when a process dies.
/// </summary>
internal sealed class RollingLogFile : ILineSink
{
    private const int QueuedLines = 4096;
    private const int LongestWrite = 64 * 1024;
    private const int MostReplicas = 100;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly string _service;
    private readonly LogFileOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<byte[]> _lines;
    private readonly ArrayBufferWriter<byte> _gathered = new(LongestWrite);
    private readonly Task _writing;
    private long _dropped;
    private long _said;
    private string _name;

    internal RollingLogFile(LogFileOptions options, string name, TimeProvider time)
    {
        (_options, _service, _name, _time) = (options, name, name, time);
        _folder = Path.GetFullPath(options.Folder);
        _lines = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(QueuedLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));

        // A folder that cannot be made is said at the start, when somebody reads it.
        Directory.CreateDirectory(_folder);
        _writing = Task.Run(WriteLinesAsync);
    }

    public void Write(byte[] line) => _lines.Writer.TryWrite(line);

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _stopping.Cancel();
        _writing.Wait(FlushLimit);
        _stopping.Dispose();
    }

    private async Task WriteLinesAsync()
    {
        while (await _lines.Reader.WaitToReadAsync(CancellationToken.None))
        {
            try
            {
                Directory.CreateDirectory(_folder);
                await WriteUntilEndAsync();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }

                await PauseAsync();
            }
        }
    }

    private async Task WriteUntilEndAsync()
    {
        using var claim = Claim();
        var file = Open();
        try
        {
            do
            {
                while (Gather(file.Length) is > 0 and var lines)
                {
                    if (file.Length > 0 && file.Length + _gathered.WrittenCount > _options.MaximumBytes)
                    {
                        await file.DisposeAsync();
                        Roll();
                        file = Open();
                    }

                    await WriteAsync(file, lines);
                }
            }
            while (await _lines.Reader.WaitToReadAsync(CancellationToken.None));
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private async Task WriteAsync(FileStream file, int lines)
    {
        try
        {
            await file.WriteAsync(_gathered.WrittenMemory, CancellationToken.None);
        }
        catch (IOException)
        {
            Interlocked.Add(ref _dropped, lines + Math.Max(0, _said - 1));
            throw;
        }
    }

    // As many lines as fit into one write and into the file; at least one.
    private int Gather(long length)
    {
        _gathered.ResetWrittenCount();
        var lines = 0;
        _said = Interlocked.Exchange(ref _dropped, 0);
        if (_said > 0)
        {
            _gathered.Write(ConsoleLines.Dropped(_said, "the file could not be written"));
            lines++;
        }

        while (_lines.Reader.TryPeek(out var next)
            && (lines == 0 || (_gathered.WrittenCount + next.Length <= LongestWrite && length + _gathered.WrittenCount + next.Length <= _options.MaximumBytes))
            && _lines.Reader.TryRead(out var line))
        {
            _gathered.Write(line);
            lines++;
        }

        return lines;
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(RetryPause, _time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // One last attempt with what is left.
        }
    }

    // Sharing one file, replicas would roll it away under each other. Locks are of the system, so none outlives its process.
    private FileStream Claim()
    {
        for (var replica = 1; ; replica++)
        {
            _name = replica == 1 ? _service : string.Create(CultureInfo.InvariantCulture, $"{_service}-{replica}");
            try
            {
                return new FileStream(Path.Combine(_folder, $"{_name}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && replica < MostReplicas)
            {
                // Another replica holds it.
            }
        }
    }

    // Unbuffered: a line is either in the file or known to be missing.
    private FileStream Open() => new(PathOf(0), new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    private void Roll()
    {
        File.Delete(PathOf(_options.MaximumFiles - 1));
        for (var age = _options.MaximumFiles - 2; age >= 0; age--)
        {
            if (File.Exists(PathOf(age)))
            {
                File.Move(PathOf(age), PathOf(age + 1), overwrite: true);
            }
        }
    }

    private string PathOf(int age) =>
        Path.Combine(_folder, age == 0 ? $"{_name}.log" : string.Create(CultureInfo.InvariantCulture, $"{_name}.{age}.log"));
}
