using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Tests.Providers;

public sealed class ProviderErrorsTests
{
    [Theory]
    [InlineData(301, ExternalErrorClass.NotFound, false)]
    [InlineData(400, ExternalErrorClass.BadRequest, false)]
    [InlineData(401, ExternalErrorClass.AuthenticationError, false)]
    [InlineData(402, ExternalErrorClass.PermissionDenied, false)]
    [InlineData(403, ExternalErrorClass.PermissionDenied, false)]
    [InlineData(404, ExternalErrorClass.NotFound, false)]
    [InlineData(408, ExternalErrorClass.Timeout, true)]
    [InlineData(413, ExternalErrorClass.BadRequest, false)]
    [InlineData(422, ExternalErrorClass.BadRequest, false)]
    [InlineData(429, ExternalErrorClass.RateLimit, true)]
    [InlineData(500, ExternalErrorClass.ServerError, true)]
    [InlineData(502, ExternalErrorClass.ServerError, true)]
    [InlineData(503, ExternalErrorClass.ServerError, true)]
    [InlineData(504, ExternalErrorClass.Timeout, true)]
    [InlineData(529, ExternalErrorClass.ServerError, true)]
    public void Status_Code_HasItsClass(int status, ExternalErrorClass expected, bool repeatable)
    {
        var error = ProviderErrors.Status("fake", (HttpStatusCode)status, null, null);

        Assert.Equal((expected, repeatable), (error.Kind, error.Repeatable));
    }

    [Theory]
    [InlineData("""{"error":{"type":"rate_limit_error"}}""", ExternalErrorClass.RateLimit)]
    [InlineData("""{"error":{"code":"rate_limit_exceeded","type":"tokens"}}""", ExternalErrorClass.RateLimit)]
    [InlineData("""{"error":{"type":"invalid_request_error","code":"invalid_api_key"}}""", ExternalErrorClass.AuthenticationError)]
    [InlineData("""{"error":{"type":"invalid_request_error","code":"model_not_found"}}""", ExternalErrorClass.NotFound)]
    [InlineData("""{"error":{"type":"invalid_request_error","code":null}}""", ExternalErrorClass.BadRequest)]
    [InlineData("""{"error":{"code":"DeploymentNotFound"}}""", ExternalErrorClass.NotFound)]
    [InlineData("""{"error":{"code":"429"}}""", ExternalErrorClass.RateLimit)]
    [InlineData("""{"error":{"code":503,"message":"x"}}""", ExternalErrorClass.ServerError)]
    [InlineData("""{"error":{"code":504}}""", ExternalErrorClass.Timeout)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error"}}""", ExternalErrorClass.ServerError)]
    [InlineData("""{"type":"error","error":{"type":"permission_error"}}""", ExternalErrorClass.PermissionDenied)]
    [InlineData("""{"type":"error","error":{"type":"timeout_error"}}""", ExternalErrorClass.Timeout)]
    [InlineData("""{"object":"error","code":404,"type":"NotFoundError"}""", ExternalErrorClass.NotFound)]
    [InlineData("""{"error":"model overloaded"}""", ExternalErrorClass.ServerError)]
    public void Inside_Body_HasItsClass(string json, ExternalErrorClass expected)
    {
        using var body = JsonDocument.Parse(json);

        Assert.Equal(expected, ProviderErrors.Inside("fake", ErrorBody.In(body.RootElement)!).Kind);
    }

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"error":null,"choices":[]}""")]
    [InlineData("""{"type":"message"}""")]
    [InlineData("""[{"error":{}}]""")]
    public void In_NoError_IsNull(string json)
    {
        using var body = JsonDocument.Parse(json);

        Assert.Null(ErrorBody.In(body.RootElement));
    }

    [Fact]
    public void Status_QuotaUsedUp_IsNotRepeated()
    {
        var error = ProviderErrors.Status("fake", HttpStatusCode.TooManyRequests, new ErrorBody("insufficient_quota", "insufficient_quota"), null);

        Assert.Equal((ExternalErrorClass.RateLimit, false), (error.Kind, error.Repeatable));
    }

    [Fact]
    public void In_AnyText_NeverTakesMoreThanAShortWord()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 5_000; round++)
        {
            var secret = new string([.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next(1, 0x250))]);
            var json = JsonSerializer.Serialize(new { error = new { message = secret, code = secret, type = secret, param = secret } });
            using var body = JsonDocument.Parse(json);

            var error = ProviderErrors.Inside("fake", ErrorBody.In(body.RootElement)!);

            var word = secret.Length <= 64 && secret.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');
            Assert.True(word || !error.Message.Contains(secret, StringComparison.Ordinal), json);
        }
    }

    public static TheoryData<Exception, ExternalErrorClass> Exceptions => new()
    {
        { new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException()), ExternalErrorClass.ConnectionError },
        { new HttpRequestException(HttpRequestError.NameResolutionError), ExternalErrorClass.ConnectionError },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), ExternalErrorClass.ConnectionError },
        { new HttpRequestException(HttpRequestError.ResponseEnded), ExternalErrorClass.ConnectionError },
        { new HttpIOException(HttpRequestError.ResponseEnded), ExternalErrorClass.ConnectionError },
        { new HttpRequestException(HttpRequestError.InvalidResponse), ExternalErrorClass.ServerError },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), ExternalErrorClass.ServerError },
        { new IOException(), ExternalErrorClass.ConnectionError },
        { new BodyTooLongException(1), ExternalErrorClass.ServerError },
        { new TaskCanceledException("x", new TimeoutException()), ExternalErrorClass.Timeout },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Connection_Exception_HasItsClass(Exception exception, ExternalErrorClass expected)
    {
        Assert.Equal(expected, ProviderErrors.Connection("fake", exception).Kind);
    }

    [Fact]
    public void ToRpc_EveryClass_SpeaksToUsersWithoutInternals()
    {
        foreach (var kind in Enum.GetValues<ExternalErrorClass>())
        {
            var error = new ProviderException(kind, "azure-east", "HTTP 500 internal_code", new IOException("10.0.0.7"));

            var told = error.ToRpc();

            Assert.Equal(kind.Name().ToUpperInvariant(), RpcErrors.Reason(told));
            Assert.DoesNotContain("azure-east", told.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("HTTP", told.Status.Detail, StringComparison.Ordinal);
            Assert.EndsWith(".", told.Status.Detail, StringComparison.Ordinal);
        }
    }
}
