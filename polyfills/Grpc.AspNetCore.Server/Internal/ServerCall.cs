using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>One call being served: what its handler sees, and the only way to its response.</summary>
internal sealed partial class ServerCall : ServerCallContext, IServerCallContextFeature
{
    // HTTP/2 error codes of RST_STREAM.
    private const int NoError = 0x0;
    private const int InternalError = 0x2;
    private const int Cancel = 0x8;
    private const long LongestTimerMilliseconds = 0xfffffffe;

    // For a peer to take what was already written when the deadline passes.
    private static readonly TimeSpan PeerGrace = TimeSpan.FromMilliseconds(25);
    private static readonly string[] Codes = [.. Enumerable.Range(0, 17).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    private readonly Lock _gate = new();
    private readonly IMethod _method;
    private readonly MethodSettings _settings;
    private readonly PipeWriter _body;
    private readonly ResponseFrame _frame;
    private readonly Activity? _activity;
    private ICompressionProvider? _compression;
    private RequestFrames? _requests;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private DateTime _deadline = DateTime.MaxValue;
    private ITimer? _deadlineTimer;
    private CancellationTokenSource? _cancellation;
    private Task? _cutOff;
    private Status _status = Status.DefaultSuccess;
    private bool _wroteMessage;
    private bool _brokenFrame;
    private bool _flushing;
    private TaskCompletionSource? _flushEnd;
    private bool _headersSent;
    private volatile bool _ended;

    public ServerCall(HttpContext http, IMethod method, MethodSettings settings)
    {
        HttpContext = http;
        _method = method;
        _settings = settings;
        _body = http.Response.BodyWriter;
        _frame = new ResponseFrame(_body, settings.MaxSendMessageSize, settings.ResponseCompressionLevel);
        _activity = http.Features.Get<IHttpActivityFeature>()?.Activity;
    }

    public HttpContext HttpContext { get; }

    public bool HasEnded => _ended;

    public RequestFrames Requests => _requests ??= new RequestFrames(HttpContext.Request.BodyReader, RequestEncoding, _settings, this);

    /// <summary>None when the call has no deadline: Kestrel itself fails reads and writes of an aborted request.</summary>
    public CancellationToken CancellationWithDeadline => _cancellation?.Token ?? CancellationToken.None;

    ServerCallContext IServerCallContextFeature.ServerCallContext => this;

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            var connection = HttpContext.Connection;
            return connection.RemoteIpAddress switch
            {
                null => "unknown",
                { AddressFamily: AddressFamily.InterNetworkV6 } six => string.Create(CultureInfo.InvariantCulture, $"ipv6:[{six}]:{connection.RemotePort}"),
                IPAddress four => string.Create(CultureInfo.InvariantCulture, $"ipv4:{four}:{connection.RemotePort}"),
            };
        }
    }

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore
    {
        get
        {
            if (_requestHeaders is null)
            {
                _requestHeaders = [];
                foreach (var (name, values) in HttpContext.Request.Headers)
                {
                    if (HeaderNames.IsReserved(name))
                    {
                        continue;
                    }

                    foreach (var value in values)
                    {
                        HeaderCoding.AddReceived(_requestHeaders, name, value ?? "");
                    }
                }
            }

            return _requestHeaders;
        }
    }

    protected override CancellationToken CancellationTokenCore => _cancellation?.Token ?? HttpContext.RequestAborted;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= new AuthContext(null, []);

    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    private string? RequestEncoding => HttpContext.Request.Headers.GrpcEncoding is { Count: > 0 } value ? value.ToString() : null;

    /// <summary>False when the call was answered already.</summary>
    public bool Begin()
    {
        _activity?.SetTag("grpc.method", _method.FullName);
        HttpContext.Response.ContentType = HeaderNames.ContentType;
        var headers = HttpContext.Request.Headers;
        if (RequestEncoding is { } encoding and not HeaderNames.IdentityEncoding && _settings.Encodings.Find(encoding) is null)
        {
            HttpContext.Response.Headers[HeaderNames.AcceptEncoding] = _settings.Encodings.Accepted;
            TryEnd(new Status(StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {_settings.Encodings.Accepted}"), null);
            return false;
        }

        if (_settings.ResponseCompression is { } compression && Accepts(compression.EncodingName))
        {
            Compress(compression);
        }

        if (headers.GrpcTimeout is { Count: > 0 } timeoutText)
        {
            if (HeaderCoding.TryDecodeTimeout(timeoutText.ToString(), out var timeout))
            {
                StartDeadline(timeout);
            }
            else
            {
                Log.TimeoutIgnored(_settings.Logger, timeoutText.ToString());
            }
        }

        return true;
    }

    /// <summary>Puts a message into the response, without sending it yet.</summary>
    public void Write<T>(T message, Action<T, SerializationContext> serializer, WriteOptions? options)
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw new InvalidOperationException("Can't write the message because the request is complete.");
            }

            var plain = options is not null && (options.Flags & WriteFlags.NoCompress) != 0;
            try
            {
                _frame.Write(message, serializer, plain ? null : _compression);
                _wroteMessage = true;
            }
            catch
            {
                // With half a frame in the pipe no trailer can make the response whole.
                _brokenFrame = _frame.HasWritten;
                throw;
            }
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _flushing, true);
        try
        {
            var flushed = await _body.FlushAsync(cancellationToken.CanBeCanceled ? cancellationToken : CancellationWithDeadline).ConfigureAwait(false);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                HttpContext.RequestAborted.ThrowIfCancellationRequested();
                CancellationWithDeadline.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            // A full fence: either this sees who waits, or the one who waits sees that the flush has ended.
            Interlocked.Exchange(ref _flushing, false);
            _flushEnd?.TrySetResult();
        }
    }

    /// <summary>The handler returned.</summary>
    public void EndWithOwnStatus() => TryEnd(_status, _responseTrailers);

    /// <summary>The handler, or reading its request, threw.</summary>
    public void EndWithFailure(Exception failure)
    {
        if (_ended)
        {
            Log.FailedAfterEnd(_settings.Logger, failure, _method.FullName);
            return;
        }

        if (failure is RpcException refused)
        {
            Log.Refused(_settings.Logger, refused.StatusCode, refused.Status.Detail, refused.Status.DebugException);
            foreach (var trailer in refused.Trailers)
            {
                ResponseTrailers.Add(trailer);
            }

            TryEnd(refused.Status, _responseTrailers);
            return;
        }

        if (failure is OperationCanceledException or IOException && HttpContext.RequestAborted.IsCancellationRequested)
        {
            Log.Abandoned(_settings.Logger, _method.FullName);
            TryEnd(new Status(StatusCode.Cancelled, ""), null);
            return;
        }

        Log.HandlerFailed(_settings.Logger, failure, _method.FullName);
        var detail = "Exception was thrown by handler.";
        if (_settings.EnableDetailedErrors)
        {
            for (var cause = failure; cause is not null; cause = cause.InnerException)
            {
                detail += $" {cause.GetType().Name}: {cause.Message}";
            }
        }

        TryEnd(new Status(StatusCode.Unknown, detail), _responseTrailers);
    }

    /// <summary>Waits until a response that was cut off is out, and frees what the call holds.</summary>
    public async ValueTask CloseAsync()
    {
        if (_deadlineTimer is not null)
        {
            await _deadlineTimer.DisposeAsync().ConfigureAwait(false);
            if (_cutOff is not null)
            {
                await _cutOff.ConfigureAwait(false);
            }

            _cancellation!.Dispose();
        }
    }

    public static void WriteStatus(IHeaderDictionary headers, Status status)
    {
        var code = (int)status.StatusCode;
        headers.GrpcStatus = (uint)code < (uint)Codes.Length ? Codes[code] : code.ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            headers.GrpcMessage = HeaderCoding.EncodeMessage(status.Detail);
        }
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        lock (_gate)
        {
            if (_ended || _headersSent || _wroteMessage || HttpContext.Response.HasStarted)
            {
                throw new InvalidOperationException("Response headers can only be sent once per call.");
            }

            _headersSent = true;
            foreach (var entry in responseHeaders)
            {
                if (entry.Key == HeaderNames.RequestedEncoding)
                {
                    ChooseEncoding(entry.Value);
                }
                else if (!HeaderNames.IsReserved(entry.Key))
                {
                    HttpContext.Response.Headers.Append(entry.Key, HeaderCoding.ValueToSend(entry));
                }
            }
        }

        await FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options)
        => throw new NotImplementedException("CreatePropagationToken will be implemented in a future version.");

    private void StartDeadline(TimeSpan timeout)
    {
        var limited = TimeSpan.FromMilliseconds(Math.Min(timeout.TotalMilliseconds, LongestTimerMilliseconds));
        _deadline = _settings.Time.GetUtcNow().UtcDateTime + limited;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        _deadlineTimer = _settings.Time.CreateTimer(static call => ((ServerCall)call!).CutOff(), this, limited, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The deadline has passed: the response ends now, whatever the handler does.</summary>
    private void CutOff()
    {
        // Inside the gate, so that whoever sees the call ended also sees the task to wait for.
        lock (_gate)
        {
            if (!TryEnd(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), _responseTrailers))
            {
                return;
            }

            Log.DeadlineExceeded(_settings.Logger, _method.FullName);
            _cutOff = Task.Run(CompleteAsync);
        }
    }

    /// <summary>Sends the status behind what was written; a peer that does not take what was written is reset, as trailers would never arrive.</summary>
    private async Task CompleteAsync()
    {
        var reset = HttpContext.Features.Get<IHttpResetFeature>();
        try
        {
            await FlushedAsync().WaitAsync(PeerGrace, _settings.Time).ConfigureAwait(false);
            await HttpContext.Response.CompleteAsync().WaitAsync(PeerGrace, _settings.Time).ConfigureAwait(false);
            reset?.Reset(NoError);
        }
        catch (TimeoutException)
        {
            reset?.Reset(Cancel);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Log.FailedAfterEnd(_settings.Logger, failure, _method.FullName);
        }

        await _cancellation!.CancelAsync().ConfigureAwait(false);
    }

    private Task FlushedAsync()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _flushEnd, end);
        if (!Volatile.Read(ref _flushing))
        {
            end.TrySetResult();
        }

        return end.Task;
    }

    /// <summary>False when the call has ended before.</summary>
    private bool TryEnd(Status status, Metadata? trailers)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            _activity?.SetTag("grpc.status_code", ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
            if (_brokenFrame)
            {
                HttpContext.Features.Get<IHttpResetFeature>()?.Reset(InternalError);
                return true;
            }

            // Without a message, the status goes into the headers and no body follows.
            var response = HttpContext.Response;
            var headers = _wroteMessage || response.HasStarted
                ? HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                : response.Headers;
            if (headers is null)
            {
                return true;
            }

            WriteStatus(headers, status);
            if (trailers is { Count: > 0 })
            {
                foreach (var trailer in trailers)
                {
                    if (!HeaderNames.IsReserved(trailer.Key))
                    {
                        headers.Append(trailer.Key, HeaderCoding.ValueToSend(trailer));
                    }
                }
            }

            return true;
        }
    }

    private bool Accepts(string encoding)
    {
        var text = HttpContext.Request.Headers.GrpcAcceptEncoding.ToString();
        foreach (var part in text.AsSpan().Split(','))
        {
            if (text.AsSpan()[part].Trim().SequenceEqual(encoding))
            {
                return true;
            }
        }

        return false;
    }

    private void ChooseEncoding(string encoding)
    {
        if (encoding == HeaderNames.IdentityEncoding)
        {
            _compression = null;
            HttpContext.Response.Headers.Remove(HeaderNames.Encoding);
            return;
        }

        var provider = _settings.Encodings.Find(encoding)
            ?? throw new InvalidOperationException($"Could not find compression provider for '{encoding}'.");
        if (Accepts(encoding))
        {
            Compress(provider);
        }
    }

    private void Compress(ICompressionProvider compression)
    {
        _compression = compression;
        HttpContext.Response.Headers[HeaderNames.Encoding] = compression.EncodingName;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Error status code '{StatusCode}' with detail '{Detail}' raised.", EventName = "RpcConnectionError")]
        public static partial void Refused(ILogger logger, StatusCode statusCode, string detail, Exception? exception);

        [LoggerMessage(2, LogLevel.Error, "Error when executing service method '{ServiceMethod}'.", EventName = "ErrorExecutingServiceMethod")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string serviceMethod);

        [LoggerMessage(3, LogLevel.Debug, "The deadline of a call of '{ServiceMethod}' has passed.", EventName = "DeadlineExceeded")]
        public static partial void DeadlineExceeded(ILogger logger, string serviceMethod);

        [LoggerMessage(4, LogLevel.Debug, "The caller of '{ServiceMethod}' is gone.", EventName = "CallAbandoned")]
        public static partial void Abandoned(ILogger logger, string serviceMethod);

        [LoggerMessage(5, LogLevel.Debug, "The handler of '{ServiceMethod}' failed after its call had ended.", EventName = "FailedAfterEnd")]
        public static partial void FailedAfterEnd(ILogger logger, Exception exception, string serviceMethod);

        [LoggerMessage(6, LogLevel.Debug, "The grpc-timeout '{Timeout}' is not valid and was ignored.", EventName = "InvalidTimeoutIgnored")]
        public static partial void TimeoutIgnored(ILogger logger, string timeout);
    }
}
