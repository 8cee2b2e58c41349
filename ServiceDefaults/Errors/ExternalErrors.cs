using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>Sorts the failures of HTTP, gRPC and database calls into the nine classes of requirement G4.</summary>
public static class ExternalErrors
{
    /// <summary>The class of <paramref name="error"/>; of its cause when the error itself says nothing.</summary>
    public static ExternalErrorClass Classify(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            RpcException rpc => Classify(rpc.StatusCode),
            HttpRequestException { StatusCode: { } status } => Classify(status),
            TimeoutException => ExternalErrorClass.Timeout,
            Polly.Timeout.TimeoutRejectedException => ExternalErrorClass.Timeout,
            OperationCanceledException { InnerException: TimeoutException } => ExternalErrorClass.Timeout,
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => ExternalErrorClass.Timeout,
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => ExternalErrorClass.PermissionDenied,
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => ExternalErrorClass.AuthenticationError,
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => ExternalErrorClass.ConnectionError,
            PostgresException => ExternalErrorClass.ServerError,
            NpgsqlException { InnerException: { } cause } => Classify(cause),
            NpgsqlException => ExternalErrorClass.ConnectionError,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } => ExternalErrorClass.ConnectionError,
            HttpRequestException or IOException or SocketException => ExternalErrorClass.ConnectionError,
            Polly.CircuitBreaker.BrokenCircuitException => ExternalErrorClass.ConnectionError,
            OperationCanceledException => ExternalErrorClass.Timeout,
            { InnerException: { } cause } => Classify(cause),
            _ => ExternalErrorClass.UnknownError,
        };
    }

    /// <summary>The class of an HTTP status that is not a success.</summary>
    public static ExternalErrorClass Classify(HttpStatusCode status) => (int)status switch
    {
        401 => ExternalErrorClass.AuthenticationError,
        403 => ExternalErrorClass.PermissionDenied,
        404 => ExternalErrorClass.NotFound,
        408 or 504 => ExternalErrorClass.Timeout,
        429 => ExternalErrorClass.RateLimit,
        >= 400 and < 500 => ExternalErrorClass.BadRequest,
        >= 500 => ExternalErrorClass.ServerError,
        _ => ExternalErrorClass.UnknownError,
    };

    /// <summary>The class of a gRPC status.</summary>
    public static ExternalErrorClass Classify(StatusCode status) => status switch
    {
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => ExternalErrorClass.Timeout,
        StatusCode.Unavailable => ExternalErrorClass.ConnectionError,
        StatusCode.ResourceExhausted => ExternalErrorClass.RateLimit,
        StatusCode.Unauthenticated => ExternalErrorClass.AuthenticationError,
        StatusCode.PermissionDenied => ExternalErrorClass.PermissionDenied,
        StatusCode.NotFound => ExternalErrorClass.NotFound,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition or StatusCode.AlreadyExists => ExternalErrorClass.BadRequest,
        StatusCode.Internal or StatusCode.DataLoss or StatusCode.Unimplemented or StatusCode.Aborted => ExternalErrorClass.ServerError,
        _ => ExternalErrorClass.UnknownError,
    };

    /// <summary>The name used in labels, error details and configuration, e.g. <c>rate_limit</c>.</summary>
    public static string Name(this ExternalErrorClass error) => error switch
    {
        ExternalErrorClass.Timeout => "timeout",
        ExternalErrorClass.ConnectionError => "connection_error",
        ExternalErrorClass.RateLimit => "rate_limit",
        ExternalErrorClass.AuthenticationError => "authentication_error",
        ExternalErrorClass.PermissionDenied => "permission_denied",
        ExternalErrorClass.NotFound => "not_found",
        ExternalErrorClass.BadRequest => "bad_request",
        ExternalErrorClass.ServerError => "server_error",
        _ => "unknown_error",
    };

    /// <summary>True for the classes that another attempt may cure (requirement G3).</summary>
    public static bool IsTransient(this ExternalErrorClass error) => error is
        ExternalErrorClass.Timeout or ExternalErrorClass.ConnectionError or ExternalErrorClass.RateLimit or ExternalErrorClass.ServerError;
}
