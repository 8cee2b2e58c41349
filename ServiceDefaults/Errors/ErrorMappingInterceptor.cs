using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StatusCode = Grpc.Core.StatusCode;

namespace Platform.ServiceDefaults;

/// <summary>
/// Turns what a handler throws into a status without internals: refusals pass with their details, the caller's own
/// cancellation and deadline are said as such, a database that is away is UNAVAILABLE, and the rest is INTERNAL with the
/// request id, whose log line has the stack.
/// </summary>
internal sealed partial class ErrorMappingInterceptor(
    IRequestContextAccessor accessor,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<ErrorMappingInterceptor> logger) : Interceptor
{
    private readonly string _domain = environment.ApplicationName.ToLowerInvariant();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error)
        {
            throw Map(error, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception error)
        {
            throw Map(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error)
        {
            throw Map(error, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error)
        {
            throw Map(error, context);
        }
    }

    private RpcException Map(Exception error, ServerCallContext call)
    {
        switch (error)
        {
            case RpcException refusal when RichStatus.Of(refusal) is { Details.Count: > 0 } status:
                return WithDomain(status);
            case RpcException { StatusCode: StatusCode.Unimplemented } refusal:
                return refusal;
            case RpcException fromCallee:
                Log.CalleeFailed(logger, call.Method, fromCallee.StatusCode, fromCallee.Status.Detail);
                return Refuse(fromCallee.StatusCode, ExternalErrors.Classify(fromCallee), Plain(ExternalErrors.Classify(fromCallee)));
            case OperationCanceledException when call.CancellationToken.IsCancellationRequested:
                return accessor.Current.Remaining(time) == TimeSpan.Zero
                    ? Refuse(StatusCode.DeadlineExceeded, ExternalErrorClass.Timeout, "The deadline of the call has passed.")
                    : Refuse(StatusCode.Cancelled, ExternalErrorClass.Timeout, "The caller cancelled the call.");
        }

        var kind = ExternalErrors.Classify(error);
        if (IsDatabase(error) || kind is ExternalErrorClass.Timeout or ExternalErrorClass.ConnectionError)
        {
            Log.DependencyFailed(logger, call.Method, kind.Name(), error);
            return kind switch
            {
                ExternalErrorClass.Timeout => Refuse(StatusCode.DeadlineExceeded, kind, "Something that the service needs took too long."),
                ExternalErrorClass.ServerError or ExternalErrorClass.UnknownError => Internal(),
                _ => Refuse(StatusCode.Unavailable, kind, "Something that the service needs is not available."),
            };
        }

        Log.Unexpected(logger, call.Method, error);
        return Internal();
    }

    private RpcException Internal() =>
        Refuse(StatusCode.Internal, ExternalErrorClass.ServerError, $"The request failed. Its id is {accessor.Current.RequestId}.");

    private static bool IsDatabase(Exception? error) => error is NpgsqlException || (error?.InnerException is { } cause && IsDatabase(cause));

    private static string Plain(ExternalErrorClass kind) => kind switch
    {
        ExternalErrorClass.Timeout => "A part of the platform took too long.",
        ExternalErrorClass.ConnectionError => "A part of the platform is not available.",
        ExternalErrorClass.RateLimit => "A part of the platform is busy.",
        _ => "A part of the platform could not do its work.",
    };

    private RpcException Refuse(StatusCode code, ExternalErrorClass kind, string message)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        var info = ErrorReason.Info(kind.Name().ToUpperInvariant(), _domain);
        info.Metadata["request_id"] = accessor.Current.RequestId;
        status.Details.Add(Any.Pack(info));
        return RichStatus.ToException(status);
    }

    private RpcException WithDomain(Google.Rpc.Status status)
    {
        for (var index = 0; index < status.Details.Count; index++)
        {
            if (status.Details[index].TryUnpack<ErrorInfo>(out var info) && info.Domain.Length == 0)
            {
                info.Domain = _domain;
                status.Details[index] = Any.Pack(info);
            }
        }

        return RichStatus.ToException(status);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "UnexpectedError", Level = LogLevel.Error, Message = "{Method} failed unexpectedly")]
        internal static partial void Unexpected(ILogger logger, string method, Exception error);

        [LoggerMessage(EventId = 2, EventName = "DependencyFailed", Level = LogLevel.Warning, Message = "{Method} failed because of {ErrorClass}")]
        internal static partial void DependencyFailed(ILogger logger, string method, string errorClass, Exception error);

        [LoggerMessage(EventId = 3, EventName = "CalleeFailed", Level = LogLevel.Warning, Message = "{Method} failed because a service it called answered {Status}: {Detail}")]
        internal static partial void CalleeFailed(ILogger logger, string method, StatusCode status, string detail);
    }
}
