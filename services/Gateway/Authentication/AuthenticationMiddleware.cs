using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Platform.Gateway.Problems;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Authentication;

/// <summary>
/// Settles user and organization of a request to <c>/api</c> before anything else looks at it. With keys, what every service tells about itself
/// is for operators here, because this port is the public one.
/// </summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, IOptionsMonitor<AuthenticationOptions> options, ILogger<AuthenticationMiddleware> logger)
{
    public const string KeyHeader = "x-api-key";

    private const string Bearer = "Bearer ";
    private static readonly PathString[] OfOperators = ["/metrics", "/health/budgets", "/telemetry"];

    public async Task InvokeAsync(HttpContext http, IRequestContextAccessor accessor)
    {
        AuthenticationOptions current = options.CurrentValue;
        if (!http.Request.Path.StartsWithSegments("/api"))
        {
            if (current.Mode == "none" || !Array.Exists(OfOperators, path => http.Request.Path.StartsWithSegments(path)))
            {
                await next(http);
            }
            else if (await AuthenticateAsync(http, current) is { } caller)
            {
                await (caller.Operator ? next(http) : ProblemMapping.NotAnOperator(http).ExecuteAsync(http));
            }

            return;
        }

        if (FindInvalidHeader(http.Request, trusted: current.Mode == "none") is { } name)
        {
            await ProblemMapping.Invalid(http, name, Identifiers.Allowed).ExecuteAsync(http);
            return;
        }

        if (current.Mode == "none")
        {
            await next(http);
            return;
        }

        if (await AuthenticateAsync(http, current) is not { } key)
        {
            return;
        }

        http.Features.Set(key);
        using IDisposable scope = accessor.Enter(accessor.Current with { UserId = key.UserId, OrganizationId = key.OrganizationId }, logger);
        await next(http);
    }

    /// <returns>The caller's key, or null when the request has been refused.</returns>
    private static async Task<ApiKey?> AuthenticateAsync(HttpContext http, AuthenticationOptions options)
    {
        string presented = Presented(http.Request);
        if (Find(options, presented) is { } key)
        {
            return key;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "ApiKey";
        await ProblemMapping.Problem(
            http, StatusCodes.Status401Unauthorized, "Not authenticated",
            presented.Length == 0 ? $"Send a key in the header {KeyHeader}." : $"The key in the header {KeyHeader} is not valid.")
            .ExecuteAsync(http);
        return null;
    }

    // Prometheus knows no header but Authorization.
    private static string Presented(HttpRequest request) =>
        request.Headers[KeyHeader].ToString() is { Length: > 0 } key ? key
        : request.Headers.Authorization.ToString() is var given && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..].Trim()
        : "";

    // Replacing a broken user, organization or session in silence would answer for somebody else. A broken request id is
    // replaced: it only labels. With keys, user and organization come from the key and the headers are not read.
    private static string? FindInvalidHeader(HttpRequest request, bool trusted)
    {
        ReadOnlySpan<string> read = trusted
            ? [RequestHeaders.OrganizationId, RequestHeaders.UserId, RequestHeaders.SessionId]
            : [RequestHeaders.SessionId];
        foreach (string name in read)
        {
            if (request.Headers.TryGetValue(name, out StringValues value) && !Identifiers.IsValid(value.ToString()))
            {
                return name;
            }
        }

        return null;
    }

    // Every key is compared, in constant time, so that the time taken tells nothing.
    private static ApiKey? Find(AuthenticationOptions options, string presented)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        ApiKey? found = null;
        foreach (ApiKey key in options.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(key.Sha256)))
            {
                found = key;
            }
        }

        return presented.Length == 0 ? null : found;
    }
}
