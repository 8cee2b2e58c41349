using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults.Tests.Errors;

public sealed class RpcProblemsTests
{
    [Fact]
    public void ToProblemDetails_InvalidArgument_ListsTheFields()
    {
        var problem = RpcErrors.InvalidArgument([("query", "must not be empty"), ("limit", "1 to 200"), ("limit", "a number")]).ToProblemDetails("r1");

        Assert.Equal(400, problem.Status);
        Assert.Equal("r1", problem.Extensions["requestId"]);
        var errors = Assert.IsType<Dictionary<string, string[]>>(problem.Extensions["errors"]);
        Assert.Equal(["must not be empty"], errors["query"]);
        Assert.Equal(["1 to 200", "a number"], errors["limit"]);
    }

    [Fact]
    public void ToProblemDetails_NotFound_SaysWhat()
    {
        var problem = RpcErrors.NotFound("customer", "c-1").ToProblemDetails("r1");

        Assert.Equal((404, "There is no customer \"c-1\"."), (problem.Status, problem.Detail));
    }

    [Fact]
    public void ToProblemDetails_Reason_BecomesTheCode()
    {
        var problem = RpcErrors.FailedPrecondition("NO_PROVIDER", "No model is configured.").ToProblemDetails("r1");

        Assert.Equal((409, "no_provider", "No model is configured."), (problem.Status, problem.Extensions["code"], problem.Detail));
    }

    [Theory]
    [InlineData(StatusCode.Internal, 500)]
    [InlineData(StatusCode.Unknown, 500)]
    [InlineData(StatusCode.Unavailable, 503)]
    [InlineData(StatusCode.DeadlineExceeded, 504)]
    [InlineData(StatusCode.Unauthenticated, 401)]
    [InlineData(StatusCode.PermissionDenied, 403)]
    [InlineData(StatusCode.Unimplemented, 501)]
    public void ToProblemDetails_BareStatus_ShowsNoInternals(StatusCode code, int expected)
    {
        var problem = new RpcException(new Status(code, "Npgsql.NpgsqlException at 10.0.0.7")).ToProblemDetails("r1");

        Assert.Equal(expected, problem.Status);
        Assert.DoesNotContain("Npgsql", JsonSerializer.Serialize(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToProblemResult_RetryAfter_IsSentAsAHeader()
    {
        var http = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider() };
        using var body = new MemoryStream();
        http.Response.Body = body;

        await RpcErrors.ResourceExhausted("RATE_LIMIT", "60 a minute", TimeSpan.FromSeconds(1.2)).ToProblemResult("r1").ExecuteAsync(http);

        Assert.Equal((429, "2", "application/problem+json"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString(), http.Response.ContentType));
        body.Position = 0;
        var problem = (await JsonDocument.ParseAsync(body, cancellationToken: TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(("rate_limit", 2), (problem.GetProperty("code").GetString(), problem.GetProperty("retryAfterSeconds").GetInt32()));
    }

    [Fact]
    public void Reason_GarbageTrailer_IsEmpty()
    {
        var error = new RpcException(new Status(StatusCode.Internal, ""), new Metadata { { "grpc-status-details-bin", new byte[] { 0xff, 0xff, 0xff } } });

        Assert.Equal("", RpcErrors.Reason(error));
        Assert.Equal("NO_PROVIDER", RpcErrors.Reason(RpcErrors.FailedPrecondition("NO_PROVIDER", "")));
    }
}
