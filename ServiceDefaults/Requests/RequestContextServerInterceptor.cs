using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>
/// Reads the request context from the metadata of a call and makes it current for the handler, its logs and its span;
/// writes one line per call.
/// </summary>
internal sealed partial class RequestContextServerInterceptor(
    IRequestContextAccessor accessor,
    RpcServerMetrics metrics,
    UndecidedTraces undecided,
    TimeProvider time,
    ILogger<RequestContextServerInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            entered.Failure = exception;
            throw;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            entered.Failure = exception;
            throw;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            entered.Failure = exception;
            throw;
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            entered.Failure = exception;
            throw;
        }
    }

    private Entered Enter(ServerCallContext call)
    {
        DateTimeOffset? deadline = call.Deadline == DateTime.MaxValue
            ? null
            : new DateTimeOffset(DateTime.SpecifyKind(call.Deadline, DateTimeKind.Utc));
        var context = RequestHeaders.Read(name => call.RequestHeaders.GetValue(name), deadline);
        UndecidedTraces.MarkCallee(Activity.Current);
        RequestContextScope.Tag(Activity.Current, context);
        return new Entered(call, accessor.Use(context), logger.BeginScope(new RequestContextScope(context)), metrics, undecided, time, logger);
    }

    // One line, with the request id, in every service that a request went through: that is how a request is found again.
    private sealed class Entered(ServerCallContext call, IDisposable current, IDisposable? scope, RpcServerMetrics metrics, UndecidedTraces undecided, TimeProvider time, ILogger logger) : IDisposable
    {
        private readonly long started = time.GetTimestamp();

        public Exception? Failure { get; set; }

        public void Dispose()
        {
            KeptTrailer.Write(call, undecided);

            // Health is asked every few seconds and tells about no request.
            if (!call.Method.StartsWith("/grpc.health.", StringComparison.Ordinal))
            {
                var status = Failure switch
                {
                    null => call.Status.StatusCode,
                    RpcException rpc => rpc.StatusCode,
                    _ => StatusCode.Unknown,
                };
                var took = time.GetElapsedTime(started);
                metrics.Served(call.Method, status, took);
                Log.Served(logger, call.Method, status, took.TotalMilliseconds);
            }

            scope?.Dispose();
            current.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} ended with {Status} after {Milliseconds:0.0} ms", EventName = "CallServed")]
        public static partial void Served(ILogger logger, string method, StatusCode status, double milliseconds);
    }
}
