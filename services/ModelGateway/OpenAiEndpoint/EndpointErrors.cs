using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Refusals and failures as OpenAI's error bodies.</summary>
internal static class EndpointErrors
{
    // Fields of the contract under the names that a client of this endpoint knows.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["max_output_tokens"] = "max_completion_tokens",
        ["response_schema"] = "response_format",
        ["end_user"] = "user",
        ["idempotency_key"] = "Idempotency-Key",
        ["texts"] = "input",
        ["text"] = "input",
    };

    /// <summary>What a caller is told of an exception; null for one that is nobody's doing.</summary>
    internal static EndpointRefusal? Describe(Exception error, string requestId) => error switch
    {
        EndpointRefusedException refused => refused.Refusal,
        RpcException rpc => Describe(rpc, requestId),
        BadHttpRequestException bad => new EndpointRefusal(
            bad.StatusCode, "invalid_request_error", null, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is too large." : "The request cannot be read."),
        JsonException => EndpointRefusal.Invalid("body", "The body is not JSON.", "invalid_json"),
        _ => null,
    };

    internal static EndpointRefusal Unexpected(string requestId) =>
        new(StatusCodes.Status500InternalServerError, "server_error", "internal_error", $"The request could not be answered. Quote {requestId} when you report it.");

    internal static async Task SendAsync(HttpContext http, EndpointRefusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "application/json";
        if (refusal.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            // The gateway has made the attempts that make sense; OpenAI's clients understand this header.
            http.Response.Headers["x-should-retry"] = "false";
        }

        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        Write(json, refusal);
        await json.FlushAsync(http.RequestAborted);
    }

    internal static void Write(Utf8JsonWriter json, EndpointRefusal refusal)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", refusal.Message);
        json.WriteString("type", refusal.Type);
        json.WriteString("param", refusal.Parameter);
        json.WriteString("code", refusal.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static EndpointRefusal Describe(RpcException error, string requestId)
    {
        var problem = error.ToProblemDetails(requestId);
        var reason = RpcErrors.Reason(error);
        var code = reason.Length == 0 ? null : reason.ToLowerInvariant();
        var message = problem.Detail ?? problem.Title ?? "";
        TimeSpan? wait = problem.Extensions.TryGetValue("retryAfterSeconds", out var seconds) && seconds is int after ? TimeSpan.FromSeconds(after) : null;
        return (error.StatusCode, reason) switch
        {
            (_, "NO_PROVIDER") => new EndpointRefusal(StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found", message, "model"),
            (_, "BLOCKED_CONTENT") => new EndpointRefusal(StatusCodes.Status400BadRequest, "invalid_request_error", "content_filter", message, "messages"),
            (_, "BUDGET_EXCEEDED") => new EndpointRefusal(StatusCodes.Status429TooManyRequests, "insufficient_quota", "insufficient_quota", message, null, wait),
            (StatusCode.InvalidArgument, _) => new EndpointRefusal(StatusCodes.Status400BadRequest, "invalid_request_error", code ?? "invalid_value", message, Parameter(problem.Extensions)),
            (StatusCode.ResourceExhausted, _) => new EndpointRefusal(StatusCodes.Status429TooManyRequests, "rate_limit_error", "rate_limit_exceeded", message, null, wait ?? TimeSpan.FromSeconds(1)),
            (StatusCode.DeadlineExceeded, _) => new EndpointRefusal(StatusCodes.Status504GatewayTimeout, "timeout_error", code ?? "timeout", message),

            // The provider's refusal of our key or model name is not the client's mistake.
            (StatusCode.FailedPrecondition, _) => new EndpointRefusal(StatusCodes.Status502BadGateway, "upstream_error", code, message),
            (StatusCode.Unavailable, "SERVER_ERROR") => new EndpointRefusal(StatusCodes.Status502BadGateway, "upstream_error", code, message),
            (StatusCode.Unavailable, _) => new EndpointRefusal(StatusCodes.Status503ServiceUnavailable, "upstream_error", code, message),
            _ => new EndpointRefusal(StatusCodes.Status500InternalServerError, "server_error", code ?? "internal_error", message),
        };
    }

    private static string? Parameter(IDictionary<string, object?> extensions) =>
        extensions.TryGetValue("errors", out var errors) && errors is Dictionary<string, string[]> { Count: > 0 } fields
            ? Parameters.GetValueOrDefault(fields.Keys.First(), fields.Keys.First())
            : null;
}
