using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Platform.ServiceDefaults;

/// <summary>
/// Writes lines to the standard output in the background. A line that comes alone is written at once; under load those of some milliseconds
/// go in one write, because a write and a change of threads for each line costs more than serving a request. Callers never wait: when nobody
/// reads the output the oldest lines are dropped, and how many is said.
/// </summary>
internal sealed class ConsoleLines : ILineSink
{
    private const int QueuedLines = 16_384;
    private const int LongestWrite = 256 * 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _lines;
    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private long _dropped;

    internal ConsoleLines(Stream output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _lines = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(QueuedLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
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

    /// <summary>The line that says how many lines are missing, in the place where they would be.</summary>
    internal static byte[] Dropped(long lines, string why) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{{\"level\":\"warning\",\"event\":\"LogLinesDropped\",\"message\":\"{lines} log lines were dropped because {why}\"}}\n"));

    private async Task WriteLinesAsync()
    {
        var gathered = new ArrayBufferWriter<byte>(LongestWrite);
        while (await _lines.Reader.WaitToReadAsync(CancellationToken.None))
        {
            gathered.ResetWrittenCount();
            while (gathered.WrittenCount < LongestWrite && _lines.Reader.TryRead(out var line))
            {
                gathered.Write(line);
            }

            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                gathered.Write(Dropped(dropped, "the output was not read"));
            }

            try
            {
                await _output.WriteAsync(gathered.WrittenMemory, CancellationToken.None);
                await _output.FlushAsync(CancellationToken.None);
                if (!_stopping.IsCancellationRequested)
                {
                    await Task.Delay(Gathering, _time, _stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // What is left is written without a pause.
            }
            catch (IOException)
            {
                // Whoever read the output is gone; the service goes on without.
            }
        }
    }
}
