using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>One call from its request to its status.</summary>
internal sealed class GrpcCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private const long LongestTimerMilliseconds = 0xfffffffe;
    private static readonly string UserAgent = $"grpc-dotnet-polyfill/2.83.0 (.NET {Environment.Version})";

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly ICompressionProvider? _requestCompression;
    private CancellationTokenRegistration _callerCancellation;
    private HttpRequestMessage? _request;
    private HttpResponseMessage? _response;
    private TaskCompletionSource<Metadata>? _headersWanted;
    private Activity? _activity;
    private Status? _status;
    private HttpResponseHeaders? _trailing;
    private Metadata? _trailers;
    private bool _isRegistered;
    private bool _cancelledByCaller;
    private bool _disposed;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        _channel = channel;
        _method = method;
        _host = host;
        _options = options;
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
        {
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        var encoding = options.Headers?.GetValue(HeaderNames.RequestedEncoding);
        if (encoding is not null and not HeaderNames.IdentityEncoding)
        {
            _requestCompression = channel.Encodings.Find(encoding)
                ?? throw new InvalidOperationException($"Could not find compression provider for '{encoding}'.");
        }

        if (options.CancellationToken.CanBeCanceled)
        {
            _callerCancellation = options.CancellationToken.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).CancelByCaller(), this);
        }
    }

    public CancellationToken Token => _cancellation.Token;

    public WriteOptions? WriteOptions => _options.WriteOptions;

    // Few callers look at trailers, so they are made into metadata for those only.
    private Metadata Trailers => _trailers ??= _trailing is null ? [] : ReadMetadata(_trailing);

    public Task<Metadata> ResponseHeadersAsync
    {
        get
        {
            lock (_gate)
            {
                if (_headersWanted is null)
                {
                    _headersWanted = new TaskCompletionSource<Metadata>(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (_response is not null)
                    {
                        _headersWanted.SetResult(ReadMetadata(_response.Headers));
                    }
                    else if (_status is { } ended)
                    {
                        _headersWanted.SetException(Failure(ended));
                    }
                }

                return _headersWanted.Task;
            }
        }
    }

    public Status GetStatus() => _status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers()
    {
        if (_status is null)
        {
            throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");
        }

        return Trailers;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_status is not null)
            {
                return;
            }
        }

        Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."), null);
        _cancellation.Cancel();
    }

    public void Frame(PooledPayload payload, TRequest message, WriteOptions? options)
    {
        var compression = options is not null && (options.Flags & WriteFlags.NoCompress) != 0 ? null : _requestCompression;
        payload.Frame(message, _method.RequestMarshaller.ContextualSerializer, _channel.MaxSendMessageSize, compression, null);
    }

    /// <summary>Until disposed, the token cancels the call.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken cancellationToken)
        => cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static call => ((GrpcCall<TRequest, TResponse>)call!).CancelByCaller(), this)
            : default;

    public void ThrowIfEnded()
    {
        if (_status is { } status)
        {
            throw status.StatusCode == StatusCode.OK
                ? new InvalidOperationException("Can't write the message because the call is complete.")
                : Failure(status);
        }
    }

    /// <summary>What a failed write throws: the outcome of the call where there is one.</summary>
    public Exception WriteFailed(Exception failure) => Failure(_status ?? StatusOf(failure));

    /// <summary>Sends one message and reads exactly one.</summary>
    public async Task<TResponse> RunUnaryAsync(TRequest message)
    {
        try
        {
            return await ReadOnlyOneAsync(message, content: null).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException || _status is null)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Sends what is written to the content and reads exactly one message.</summary>
    public async Task<TResponse> RunClientStreamAsync(StreamContent<TRequest, TResponse> content)
    {
        try
        {
            return await ReadOnlyOneAsync(message: null, content).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException || _status is null)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Sends one message; those that come back are read one by one.</summary>
    public ClientStreamReader<TRequest, TResponse> StartStream(TRequest message) => StartStream(message, content: null);

    /// <summary>Sends what is written to the content; messages are read one by one.</summary>
    public ClientStreamReader<TRequest, TResponse> StartStream(StreamContent<TRequest, TResponse> content) => StartStream(message: null, content);

    private ClientStreamReader<TRequest, TResponse> StartStream(TRequest? message, StreamContent<TRequest, TResponse>? content)
    {
        _isRegistered = true;
        _channel.CallStarted(this);
        return new ClientStreamReader<TRequest, TResponse>(this, OpenStreamAsync(message, content));
    }

    /// <summary>Null at the end of a call that ended well.</summary>
    public async ValueTask<TResponse?> ReadNextAsync(Task<ResponseFrames?> started)
    {
        if (_status is { } ended)
        {
            return ended.StatusCode == StatusCode.OK ? null : throw Failure(ended);
        }

        try
        {
            var frames = await started.ConfigureAwait(false);
            if (frames is null)
            {
                var early = _status!.Value;
                return early.StatusCode == StatusCode.OK ? null : throw Failure(early);
            }

            if (await frames.ReadAsync(_cancellation.Token).ConfigureAwait(false))
            {
                return frames.Deserialize(_method.ResponseMarshaller.ContextualDeserializer);
            }

            frames.Dispose();
            var status = FinishFromTrailers(hasMessage: true);
            return status.StatusCode == StatusCode.OK ? null : throw Failure(status);
        }
        catch (Exception failure) when (failure is not RpcException || _status is null)
        {
            throw Failed(failure);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResponse> ReadOnlyOneAsync(TRequest? message, StreamContent<TRequest, TResponse>? content)
    {
        using var frames = await OpenAsync(message, content).ConfigureAwait(false);
        if (frames is null)
        {
            throw Failure(_status!.Value);
        }

        TResponse? response = null;
        if (await frames.ReadAsync(_cancellation.Token).ConfigureAwait(false))
        {
            response = frames.Deserialize(_method.ResponseMarshaller.ContextualDeserializer);
            if (await frames.ReadAsync(_cancellation.Token).ConfigureAwait(false))
            {
                throw new RpcException(new Status(StatusCode.Internal, "More than one message came in a unary response."));
            }
        }

        var status = FinishFromTrailers(response is not null);
        return status.StatusCode == StatusCode.OK ? response! : throw Failure(status);
    }

    private async Task<ResponseFrames?> OpenStreamAsync(TRequest? message, StreamContent<TRequest, TResponse>? content)
    {
        try
        {
            return await OpenAsync(message, content).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The reader finds the status; nobody may be reading yet.
            Failed(failure);
            return null;
        }
    }

    /// <summary>Null when the response ended with its headers; the status is then set.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseFrames?> OpenAsync(TRequest? message, StreamContent<TRequest, TResponse>? content)
    {
        var request = CreateRequest();
        _request = request;
        _activity = GrpcClientDiagnostics.Start(request, _method);
        if (_options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            var remaining = deadline - _channel.Time.GetUtcNow().UtcDateTime;
            if (remaining <= TimeSpan.Zero)
            {
                Finish(new Status(StatusCode.DeadlineExceeded, ""), null);
                return null;
            }

            request.Headers.TryAddWithoutValidation(HeaderNames.Timeout, HeaderCoding.EncodeTimeout(remaining));
            _cancellation.CancelAfter(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(remaining.TotalMilliseconds), LongestTimerMilliseconds)));
        }

        if (_channel.SendsCallCredentials && (_channel.ChannelCallCredentials ?? _options.Credentials) is not null)
        {
            await AddCredentialsAsync(request).ConfigureAwait(false);
        }

        request.Content = content is null ? new MessageContent(Frame(message!)) : content;
        var response = await _channel.SendAsync(request, _cancellation.Token).ConfigureAwait(false);
        lock (_gate)
        {
            if (_status is not null)
            {
                response.Dispose();
                return null;
            }

            _response = response;
            _headersWanted?.TrySetResult(ReadMetadata(response.Headers));
        }

        if (RefusedByHeaders(response) is { } refusal)
        {
            Finish(refusal, response.Headers);
            return null;
        }

        if (ReadStatus(response.Headers) is { } status)
        {
            // No body follows; the headers are the trailers.
            if (status.StatusCode == StatusCode.OK && _method.Type is (MethodType.Unary or MethodType.ClientStreaming))
            {
                status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
            }

            Finish(status, response.Headers);
            return null;
        }

        var body = await response.Content.ReadAsStreamAsync(_cancellation.Token).ConfigureAwait(false);
        return new ResponseFrames(body, FirstValue(response.Headers, HeaderNames.Encoding), _channel.Encodings, _channel.MaxReceiveMessageSize);
    }

    private byte[] Frame(TRequest message)
    {
        using var payload = new PooledPayload();
        Frame(payload, message, _options.WriteOptions);
        return payload.Framed.ToArray();
    }

    private HttpRequestMessage CreateRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _channel.AddressOf(_method))
        {
            Version = _channel.HttpVersion,
            VersionPolicy = _channel.HttpVersionPolicy,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, _channel.Encodings.Accepted);
        if (_requestCompression is not null)
        {
            headers.TryAddWithoutValidation(HeaderNames.Encoding, _requestCompression.EncodingName);
        }

        if (_host is not null)
        {
            headers.Host = _host;
        }

        if (_options.Headers is { Count: > 0 } metadata)
        {
            AddMetadata(headers, metadata);
        }

        return request;
    }

    private static void AddMetadata(HttpRequestHeaders headers, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!HeaderNames.IsReserved(entry.Key))
            {
                headers.TryAddWithoutValidation(entry.Key, HeaderCoding.ValueToSend(entry));
            }
        }
    }

    private async Task AddCredentialsAsync(HttpRequestMessage request)
    {
        var reader = new CallCredentialsReader();
        _channel.ChannelCallCredentials?.InternalPopulateConfiguration(reader, null);
        _options.Credentials?.InternalPopulateConfiguration(reader, null);
        var service = $"{_channel.Address.GetLeftPart(UriPartial.Authority)}/{_method.ServiceName}";
        var context = new AuthInterceptorContext(service, _method.Name, _cancellation.Token);
        foreach (var interceptor in reader.Interceptors)
        {
            var metadata = new Metadata();
            await interceptor(context, metadata).ConfigureAwait(false);
            AddMetadata(request.Headers, metadata);
        }
    }

    private static Status? RefusedByHeaders(HttpResponseMessage response)
    {
        if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            // A proxy may add an HTTP error to a response that has a gRPC status of its own.
            var code = (int)response.StatusCode;
            return ReadStatus(response.Headers)
                ?? new Status(StatusMapping.FromHttpStatus(code), string.Create(CultureInfo.InvariantCulture, $"Bad gRPC response. HTTP status code: {code}"));
        }

        if (response.Version.Major < 2)
        {
            return new Status(StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version.ToString(2)}.");
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
        if (HeaderNames.IsGrpcContentType(contentType))
        {
            return null;
        }

        return new Status(
            StatusCode.Cancelled,
            contentType is null ? "Bad gRPC response. Response did not have a content-type header." : $"Bad gRPC response. Invalid content-type value: {contentType}");
    }

    private Status FinishFromTrailers(bool hasMessage)
    {
        var trailing = _response!.TrailingHeaders;
        var status = ReadStatus(trailing) ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");
        if (status.StatusCode == StatusCode.OK && !hasMessage)
        {
            status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
        }

        return Finish(status, trailing);
    }

    /// <summary>The first outcome stands; returns it.</summary>
    private Status Finish(Status status, HttpResponseHeaders? trailing)
    {
        TaskCompletionSource<Metadata>? headersWanted;
        lock (_gate)
        {
            if (_status is { } already)
            {
                return already;
            }

            if (status.StatusCode == StatusCode.Cancelled && !_cancelledByCaller && !_disposed && DeadlinePassed())
            {
                // The server's own clock ran out a moment before ours.
                status = new Status(StatusCode.DeadlineExceeded, status.Detail, status.DebugException);
            }

            _status = status;
            _trailing = trailing;
            headersWanted = _headersWanted;
        }

        _callerCancellation.Unregister();
        if (_isRegistered)
        {
            _channel.CallEnded(this);
        }

        if (_activity is not null)
        {
            GrpcClientDiagnostics.Stop(_activity, _request, _response, status.StatusCode);
        }

        headersWanted?.TrySetException(Failure(status));
        if (headersWanted is not null)
        {
            // Not awaited is not a fault of the program.
            _ = headersWanted.Task.Exception;
        }

        if (_method.Type is MethodType.Unary && status.StatusCode == StatusCode.OK)
        {
            // Both directions have ended; only the deadline may still tick.
            if (_options.Deadline is not null)
            {
                _cancellation.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            // Ends the request body and, when the response is not at its end, resets the HTTP/2 stream.
            _cancellation.Cancel();
        }

        _response?.Dispose();
        return status;
    }

    private Exception Failed(Exception failure)
    {
        var status = Finish(StatusOf(failure), null);
        return Failure(status);
    }

    private Status StatusOf(Exception failure)
    {
        long? http2Error = null;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is RpcException rpc)
            {
                return rpc.Status;
            }

            if (cause is HttpProtocolException protocol)
            {
                http2Error = protocol.ErrorCode;
            }
        }

        if (_disposed)
        {
            return new Status(StatusCode.Cancelled, "gRPC call disposed.", failure);
        }

        if (_cancelledByCaller)
        {
            return new Status(StatusCode.Cancelled, "Call canceled by the client.", failure);
        }

        if (_cancellation.IsCancellationRequested && _options.Deadline is not null)
        {
            return new Status(StatusCode.DeadlineExceeded, "", failure);
        }

        if (http2Error is { } code)
        {
            return new Status(StatusMapping.FromHttp2Error(code), Describe(failure), failure);
        }

        return failure switch
        {
            OperationCanceledException => new Status(StatusCode.Cancelled, failure.Message, failure),
            HttpRequestException { StatusCode: { } httpStatus } => new Status(StatusMapping.FromHttpStatus((int)httpStatus), Describe(failure), failure),
            HttpRequestException or IOException => new Status(StatusCode.Unavailable, Describe(failure), failure),
            ObjectDisposedException => new Status(StatusCode.Cancelled, Describe(failure), failure),
            _ => new Status(StatusCode.Internal, Describe(failure), failure),
        };
    }

    private string Describe(Exception failure)
    {
        var text = _response is null ? "Error starting gRPC call." : "Error reading next message.";
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            text += $" {cause.GetType().Name}: {cause.Message}";
        }

        return text;
    }

    private Exception Failure(Status status)
    {
        if (_channel.ThrowOperationCanceled && (status.StatusCode == StatusCode.DeadlineExceeded || (status.StatusCode == StatusCode.Cancelled && (_cancelledByCaller || _disposed))))
        {
            return new OperationCanceledException(status.Detail, new RpcException(status, Trailers), _options.CancellationToken);
        }

        return new RpcException(status, Trailers);
    }

    private bool DeadlinePassed()
        => _options.Deadline is { } deadline && deadline <= _channel.Time.GetUtcNow().UtcDateTime;

    private void CancelByCaller()
    {
        _cancelledByCaller = true;
        _cancellation.Cancel();
    }

    private static Status? ReadStatus(HttpResponseHeaders headers)
    {
        if (FirstValue(headers, HeaderNames.Status) is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return new Status(StatusCode.Unknown, $"The grpc-status '{text}' is not a number.");
        }

        var message = FirstValue(headers, HeaderNames.Message);
        return new Status((StatusCode)code, message is null ? "" : HeaderCoding.DecodeMessage(message));
    }

    private static string? FirstValue(HttpResponseHeaders headers, string name)
        => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static Metadata ReadMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var header in headers.NonValidated)
        {
            if (HeaderNames.IsReserved(header.Key))
            {
                continue;
            }

            foreach (var value in header.Value)
            {
                HeaderCoding.AddReceived(metadata, header.Key, value);
            }
        }

        return metadata;
    }
}
