using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers;

/// <summary>
/// Requirement G4: every failure of a provider becomes one of nine classes. The HTTP status decides; where it says too little,
/// or there is none because the error came inside a success or a stream, the provider's own code does.
/// </summary>
internal static class ProviderErrors
{
    /// <summary>Codes and types of the error objects of OpenAI, Azure OpenAI and Anthropic, as their references list them.</summary>
    private static readonly FrozenDictionary<string, ExternalErrorClass> Codes = new Dictionary<string, ExternalErrorClass>(StringComparer.OrdinalIgnoreCase)
    {
        ["timeout"] = ExternalErrorClass.Timeout,
        ["timeout_error"] = ExternalErrorClass.Timeout,
        ["request_timeout"] = ExternalErrorClass.Timeout,
        ["rate_limit_exceeded"] = ExternalErrorClass.RateLimit,
        ["rate_limit_error"] = ExternalErrorClass.RateLimit,
        ["RateLimitReached"] = ExternalErrorClass.RateLimit,
        ["insufficient_quota"] = ExternalErrorClass.RateLimit,
        ["tokens"] = ExternalErrorClass.RateLimit,
        ["requests"] = ExternalErrorClass.RateLimit,
        ["too_many_requests"] = ExternalErrorClass.RateLimit,
        ["invalid_api_key"] = ExternalErrorClass.AuthenticationError,
        ["authentication_error"] = ExternalErrorClass.AuthenticationError,
        ["invalid_authentication"] = ExternalErrorClass.AuthenticationError,
        ["account_deactivated"] = ExternalErrorClass.AuthenticationError,
        ["permission_error"] = ExternalErrorClass.PermissionDenied,
        ["permission_denied"] = ExternalErrorClass.PermissionDenied,
        ["PermissionDenied"] = ExternalErrorClass.PermissionDenied,
        ["billing_error"] = ExternalErrorClass.PermissionDenied,
        ["unsupported_country_region_territory"] = ExternalErrorClass.PermissionDenied,
        ["model_not_found"] = ExternalErrorClass.NotFound,
        ["not_found_error"] = ExternalErrorClass.NotFound,
        ["DeploymentNotFound"] = ExternalErrorClass.NotFound,
        ["ResourceNotFound"] = ExternalErrorClass.NotFound,
        ["invalid_request_error"] = ExternalErrorClass.BadRequest,
        ["context_length_exceeded"] = ExternalErrorClass.BadRequest,
        ["string_above_max_length"] = ExternalErrorClass.BadRequest,
        ["invalid_prompt"] = ExternalErrorClass.BadRequest,
        ["request_too_large"] = ExternalErrorClass.BadRequest,
        ["content_filter"] = ExternalErrorClass.BadRequest,
        ["content_policy_violation"] = ExternalErrorClass.BadRequest,
        ["ResponsibleAIPolicyViolation"] = ExternalErrorClass.BadRequest,
        ["server_error"] = ExternalErrorClass.ServerError,
        ["internal_error"] = ExternalErrorClass.ServerError,
        ["InternalServerError"] = ExternalErrorClass.ServerError,
        ["api_error"] = ExternalErrorClass.ServerError,
        ["overloaded_error"] = ExternalErrorClass.ServerError,
        ["service_unavailable"] = ExternalErrorClass.ServerError,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Filters =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation");

    /// <summary>The provider answered with a status that is no success.</summary>
    internal static ProviderException Status(string provider, HttpStatusCode status, ErrorBody? body, TimeSpan? retryAfter)
    {
        var kind = (int)status switch
        {
            // Payment required: the account behind the key may not be used.
            402 => ExternalErrorClass.PermissionDenied,
            // A redirect is followed by nobody, so that a key goes nowhere else than configured.
            >= 300 and < 400 => ExternalErrorClass.NotFound,
            _ => ExternalErrors.Classify(status),
        };
        return Refusal(kind, provider, body?.ToString() is { Length: > 0 } code ? $"HTTP {(int)status} {code}" : $"HTTP {(int)status}", body, retryAfter);
    }

    /// <summary>An error came inside a success, or as an event of a stream.</summary>
    internal static ProviderException Inside(string provider, ErrorBody body)
    {
        var kind = Codes.TryGetValue(body.Code, out var byCode) ? byCode
            : int.TryParse(body.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and < 600 ? ExternalErrors.Classify((HttpStatusCode)status)
            : Codes.TryGetValue(body.Type, out var byType) ? byType
            : ExternalErrorClass.ServerError;
        return Refusal(kind, provider, $"an error inside a success {body}".TrimEnd(), body, null);
    }

    /// <summary>What was sent is not an answer of the provider's protocol.</summary>
    internal static ProviderException Garbage(string provider, string what, Exception? cause = null) =>
        new(ExternalErrorClass.ServerError, provider, what, cause);

    /// <summary>The stream ended before the answer did.</summary>
    internal static ProviderException Cut(string provider, Exception? cause = null) =>
        new(ExternalErrorClass.ConnectionError, provider, "the stream was cut before the answer was whole", cause);

    /// <summary>Nothing, or not all, came over the connection.</summary>
    internal static ProviderException Connection(string provider, Exception error) => error switch
    {
        BodyTooLongException => Garbage(provider, "the answer is too long", error),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => Garbage(provider, "the answer is not HTTP", error),
        OperationCanceledException => new ProviderException(ExternalErrorClass.Timeout, provider, "the connection could not be made in time", error),
        HttpRequestException { HttpRequestError: var reason } => new ProviderException(ExternalErrors.Classify(error), provider, $"the connection failed ({reason})", error),
        _ => new ProviderException(ExternalErrors.Classify(error), provider, "the connection failed", error),
    };

    private static ProviderException Refusal(ExternalErrorClass kind, string provider, string message, ErrorBody? body, TimeSpan? retryAfter)
    {
        var blocked = kind == ExternalErrorClass.BadRequest && body is not null && (Filters.Contains(body.Code) || Filters.Contains(body.Type));
        // A quota that is used up is not there a second later.
        var usedUp = body is { Code: "insufficient_quota" } or { Type: "insufficient_quota" };
        return new ProviderException(kind, provider, message, retryAfter: retryAfter) { Blocked = blocked, Repeatable = kind.IsTransient() && !usedUp };
    }
}
