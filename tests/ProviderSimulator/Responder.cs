using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.ProviderSimulator.Faults;
using Platform.ProviderSimulator.Records;

namespace Platform.ProviderSimulator;

/// <summary>Sends one answer, whole or as a stream, with whatever its behaviour wants to go wrong.</summary>
internal sealed class Responder(HttpContext http, IDialect dialect, Behaviour behaviour, SeededDraws draws, Recording recording, SimulatorOptions options, TimeProvider time)
{
    private const int HugeLength = 32 * 1024 * 1024;
    private const string EventStream = "text/event-stream; charset=utf-8";
    private const string Page = "<html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>";

    private static readonly TimeSpan DripPace = TimeSpan.FromMilliseconds(100);

    private int? _cut;

    private CancellationToken Left => http.RequestAborted;

    private TimeSpan Pace => behaviour.Pace ?? options.Pace;

    /// <summary>An error status in the provider's shape.</summary>
    internal async Task ErrorAsync(int status, string message)
    {
        http.Response.StatusCode = recording.Status = status;
        if (behaviour.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = behaviour.RetryAfterIsDate ? (time.GetUtcNow() + wait).ToString("R") : $"{wait.TotalSeconds:0}";
        }

        await WriteWholeAsync("application/json", dialect.Error(status, message));
    }

    /// <summary>An answer that comes at once; <paramref name="work"/> is how many tokens' time it takes.</summary>
    internal async Task WholeAsync(byte[] body, int work)
    {
        if (await BrokenBeforeAsync())
        {
            return;
        }

        await Task.Delay(Latency() + (Pace * work), time, Left);
        recording.Status = StatusCodes.Status200OK;
        switch (behaviour.Fault)
        {
            case Fault.HangAfterHeaders:
                http.Response.ContentLength = body.Length;
                await HangAsync("application/json");
                break;
            case Fault.HangMidStream:
                http.Response.ContentLength = body.Length;
                http.Response.ContentType = "application/json";
                await WriteAsync(body.AsMemory(0, body.Length / 2));
                await HangAsync(null);
                break;
            case Fault.SlowDrip:
                http.Response.ContentType = "application/json";
                await DripAsync(body);
                break;
            case Fault.CutMidStream or Fault.ResetMidStream:
                var raw = new RawConnection(http);
                await raw.HeadAsync("application/json", body.Length, Left);
                await raw.SendAsync(body.AsMemory(0, body.Length / 2), Left);
                recording.Sent();
                await BreakOffAsync(raw);
                break;
            case Fault.EndEarly or Fault.GarbageMidStream:
                await WriteWholeAsync("application/json", body.AsMemory(0, body.Length / 2));
                break;
            case Fault.ErrorInSuccess or Fault.ErrorMidStream:
                await WriteWholeAsync("application/json", dialect.Error(StatusCodes.Status500InternalServerError, "The server had an error while processing your request."));
                break;
            case Fault.HugeLine:
                http.Response.ContentType = "application/json";
                await HugeAsync("""{"id":"huge","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":" """);
                break;
            default:
                await WriteWholeAsync(behaviour.Fault == Fault.WrongContentType ? "text/html; charset=utf-8" : "application/json", body);
                break;
        }
    }

    /// <summary>An answer as server-sent events.</summary>
    internal async Task StreamAsync(IReadOnlyList<Frame> frames)
    {
        if (await BrokenBeforeAsync())
        {
            return;
        }

        await Task.Delay(Latency(), time, Left);
        recording.Status = StatusCodes.Status200OK;
        if (behaviour.Fault is Fault.CutMidStream or Fault.ResetMidStream)
        {
            var raw = new RawConnection(http);
            await raw.HeadAsync(EventStream, null, Left);
            await SendAsync(UntilFault(frames), frame => raw.ChunkAsync(frame, Left));
            await BreakOffAsync(raw);
            return;
        }

        http.Response.ContentType = behaviour.Fault == Fault.WrongContentType ? "text/html; charset=utf-8" : EventStream;
        http.Response.Headers.CacheControl = "no-cache";
        switch (behaviour.Fault)
        {
            case Fault.HangAfterHeaders:
                await HangAsync(EventStream);
                break;
            case Fault.HangMidStream:
                await SendAsync(UntilFault(frames), WriteAsync);
                await HangAsync(null);
                break;
            case Fault.SlowDrip:
                await DripAsync(frames.SelectMany(frame => frame.Bytes).ToArray());
                break;
            case Fault.HugeLine:
                await HugeAsync("""data: {"id":"huge","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" """);
                break;
            default:
                await SendAsync(Arranged(frames), WriteAsync);
                break;
        }
    }

    // What ends a request before anything of an answer is sent, streamed or not.
    private async Task<bool> BrokenBeforeAsync()
    {
        switch (behaviour.Fault)
        {
            case Fault.Reset:
                recording.Ended(RequestEnd.BrokenOff);
                http.Abort();
                return true;
            case Fault.Close:
                recording.Ended(RequestEnd.BrokenOff);
                await new RawConnection(http).CloseAsync(time);
                return true;
            case Fault.HangBeforeHeaders:
                await Task.Delay(options.LongestHang, time, Left);
                recording.Ended(RequestEnd.BrokenOff);
                http.Abort();
                return true;
            case Fault.Status:
                await ErrorAsync(behaviour.Status, $"Simulated error {behaviour.Status}.");
                return true;
            case Fault.Garbage:
                recording.Status = StatusCodes.Status200OK;
                await WriteWholeAsync("text/html; charset=utf-8", Encoding.UTF8.GetBytes(Page));
                return true;
            case Fault.EmptyBody:
                recording.Status = StatusCodes.Status200OK;
                await WriteWholeAsync("application/json", ReadOnlyMemory<byte>.Empty);
                return true;
            default:
                return false;
        }
    }

    private IEnumerable<Frame> Arranged(IReadOnlyList<Frame> frames) => behaviour.Fault switch
    {
        Fault.EndEarly => UntilFault(frames),
        Fault.GarbageMidStream => [.. UntilFault(frames), new Frame(FrameKind.Text, "data: {\"id\":\"chatcmpl-1\",\"choi\n\n"u8.ToArray()), .. frames.Skip(UntilFault(frames).Count)],
        Fault.ErrorInSuccess => [dialect.ErrorFrame("The server had an error while processing your request.")],
        Fault.ErrorMidStream => [.. UntilFault(frames), dialect.ErrorFrame("The server had an error while processing your request.")],
        Fault.DuplicateChunks => frames.SelectMany(frame => frame.Kind is FrameKind.Text or FrameKind.EndMark ? (Frame[])[frame] : [frame, frame]),
        Fault.ReorderedChunks => [.. UntilFault(frames), .. frames.Where(frame => frame.Kind == FrameKind.Finish), .. frames.Skip(UntilFault(frames).Count).Where(frame => frame.Kind != FrameKind.Finish)],
        Fault.MissingEndMark => frames.Where(frame => frame.Kind != FrameKind.EndMark),
        _ => frames,
    };

    /// <summary>What comes before a fault in the middle: the opening and some of the text, never the finish.</summary>
    private List<Frame> UntilFault(IReadOnlyList<Frame> frames)
    {
        var texts = frames.Count(frame => frame.Kind == FrameKind.Text);

        // A text after the finish is needed to be out of order.
        var most = behaviour.Fault == Fault.ReorderedChunks ? Math.Max(0, texts - 1) : texts;
        _cut ??= Math.Min(most, behaviour.After ?? (int)(draws.Next() * (most + 1)));
        var before = new List<Frame>();
        foreach (var frame in frames)
        {
            if (frame.Kind is not (FrameKind.Opening or FrameKind.Text) || (frame.Kind == FrameKind.Text && before.Count(kept => kept.Kind == FrameKind.Text) == _cut))
            {
                break;
            }

            before.Add(frame);
        }

        return before;
    }

    private async Task SendAsync(IEnumerable<Frame> frames, Func<ReadOnlyMemory<byte>, Task> send)
    {
        var began = time.GetTimestamp();
        var texts = 0;
        foreach (var frame in frames)
        {
            if (frame.Kind == FrameKind.Text && texts++ > 0 && Pace > TimeSpan.Zero)
            {
                // Against the beginning, so that late timers do not add up.
                var wait = (Pace * (texts - 1)) - time.GetElapsedTime(began);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, Left);
                }
            }

            await send(frame.Bytes);
            recording.Sent(frame.Kind == FrameKind.Text ? 1 : 0);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await http.Response.BodyWriter.WriteAsync(bytes, Left);
        Left.ThrowIfCancellationRequested();
        recording.Sent();
    }

    private async Task WriteWholeAsync(string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        recording.Sent();
        await http.Response.BodyWriter.WriteAsync(body, Left);
    }

    private async Task DripAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            await WriteAsync(bytes.Slice(at, 1));
            await Task.Delay(behaviour.Pace ?? DripPace, time, Left);
        }
    }

    private async Task HugeAsync(string before)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(before));
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)'a');
        for (var sent = 0; sent < HugeLength; sent += block.Length)
        {
            await WriteAsync(block);
        }

        await WriteAsync(Encoding.UTF8.GetBytes(" \"}}]}\n\n"));
    }

    private async Task HangAsync(string? contentType)
    {
        if (contentType is not null)
        {
            http.Response.ContentType = contentType;
        }

        await http.Response.StartAsync(Left);
        await http.Response.BodyWriter.FlushAsync(Left);
        await Task.Delay(options.LongestHang, time, Left);
        recording.Ended(RequestEnd.BrokenOff);
        http.Abort();
    }

    private async Task BreakOffAsync(RawConnection raw)
    {
        recording.Ended(RequestEnd.BrokenOff);
        await (behaviour.Fault == Fault.CutMidStream ? raw.CloseAsync(time) : raw.ResetAsync(time));
    }

    private TimeSpan Latency() => behaviour.Latency ?? draws.Time(options.FirstToken, options.FirstTokenSpread);
}
