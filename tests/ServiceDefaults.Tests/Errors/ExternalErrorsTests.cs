using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Npgsql;

namespace Platform.ServiceDefaults.Tests.Errors;

public sealed class ExternalErrorsTests
{
    public static TheoryData<string, Exception> Errors => new()
    {
        { "timeout", new TimeoutException() },
        { "timeout", new TaskCanceledException("limit", new TimeoutException()) },
        { "timeout", new RpcException(new Status(StatusCode.DeadlineExceeded, "")) },
        { "timeout", new HttpRequestException("", null, HttpStatusCode.GatewayTimeout) },
        { "timeout", new PostgresException("canceling statement", "ERROR", "ERROR", "57014") },
        { "timeout", new NpgsqlException("reading", new TimeoutException()) },
        { "timeout", new PostgresException("lock", "ERROR", "ERROR", "55P03") },
        { "connection_error", new SocketException((int)SocketError.ConnectionRefused) },
        { "connection_error", new HttpRequestException(HttpRequestError.ConnectionError) },
        { "connection_error", new HttpRequestException("cut", new IOException("reset")) },
        { "connection_error", new RpcException(new Status(StatusCode.Unavailable, "")) },
        { "connection_error", new NpgsqlException("refused", new SocketException((int)SocketError.ConnectionRefused)) },
        { "connection_error", new PostgresException("too many", "FATAL", "FATAL", "53300") },
        { "connection_error", new PostgresException("terminating", "FATAL", "FATAL", "57P01") },
        { "connection_error", new InvalidOperationException("outer", new IOException("reset")) },
        { "rate_limit", new HttpRequestException("", null, HttpStatusCode.TooManyRequests) },
        { "rate_limit", new RpcException(new Status(StatusCode.ResourceExhausted, "")) },
        { "authentication_error", new HttpRequestException("", null, HttpStatusCode.Unauthorized) },
        { "authentication_error", new PostgresException("password", "FATAL", "FATAL", "28P01") },
        { "permission_denied", new HttpRequestException("", null, HttpStatusCode.Forbidden) },
        { "permission_denied", new PostgresException("denied", "ERROR", "ERROR", "42501") },
        { "not_found", new HttpRequestException("", null, HttpStatusCode.NotFound) },
        { "bad_request", new HttpRequestException("", null, HttpStatusCode.UnprocessableEntity) },
        { "bad_request", new RpcException(new Status(StatusCode.InvalidArgument, "")) },
        { "server_error", new HttpRequestException("", null, HttpStatusCode.BadGateway) },
        { "server_error", new PostgresException("syntax", "ERROR", "ERROR", "42601") },
        { "unknown_error", new InvalidOperationException("?") },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Classify_Error_IsOfTheClass(string expected, Exception error)
    {
        Assert.Equal(expected, ExternalErrors.Classify(error).Name());
    }

    [Fact]
    public void Name_EveryClass_IsTheContractedName()
    {
        Assert.Equal(
            ["timeout", "connection_error", "rate_limit", "authentication_error", "permission_denied", "not_found", "bad_request", "server_error", "unknown_error"],
            Enum.GetValues<ExternalErrorClass>().Select(ExternalErrors.Name));
    }

    [Fact]
    public void IsTransient_Classes_AreThoseWorthAnotherAttempt()
    {
        Assert.Equal(
            [ExternalErrorClass.Timeout, ExternalErrorClass.ConnectionError, ExternalErrorClass.RateLimit, ExternalErrorClass.ServerError],
            Enum.GetValues<ExternalErrorClass>().Where(ExternalErrors.IsTransient));
    }
}
