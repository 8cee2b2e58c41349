using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aspire.Dashboard.Access;

/// <summary>
/// Who may see the page and who may send telemetry. The page: on its own port, under a loopback name (so that no foreign name can be
/// pointed at it), with the cookie that the login address of this run gives. Telemetry: on its own ports, with this run's key.
/// </summary>
internal sealed class DashboardAccess
{
    private const string KeyHeader = "x-otlp-api-key";
    private const int TokenBytes = 16;

    private readonly string session = NewToken();

    /// <summary>Part of the login address; new with each run.</summary>
    public string LoginToken { get; } = NewToken();

    /// <summary>Key that exporters send in <c>x-otlp-api-key</c>; new with each run.</summary>
    public string OtlpApiKey { get; init; } = NewToken();

    public int PagePort { get; set; }

    private string CookieName => $"dashboard-{PagePort}";

    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Connection.LocalPort != PagePort)
        {
            await CheckTelemetryAsync(context, next).ConfigureAwait(false);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (!IsLoopbackName(context.Request.Host.Host) || IsTelemetryPath(context.Request.Path))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "Not found").ConfigureAwait(false);
        }
        else if (context.Request.Path == "/login")
        {
            await LogInAsync(context).ConfigureAwait(false);
        }
        else if (!Same(context.Request.Cookies[CookieName], session))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Open the dashboard with the address that the application host printed at its start (…/login?t=…).").ConfigureAwait(false);
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !ComesFromThePage(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Changes are accepted from the dashboard's own page only.").ConfigureAwait(false);
        }
        else
        {
            await next(context).ConfigureAwait(false);
        }
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    private static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsTelemetryPath(PathString path) =>
        path.StartsWithSegments("/v1") || path.Value?.StartsWith("/opentelemetry.", StringComparison.Ordinal) == true;

    // A form or script of another site sends its own origin.
    private static bool ComesFromThePage(HttpRequest request) =>
        request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || origin.Equals($"http://{request.Host}", StringComparison.OrdinalIgnoreCase));

    private static async Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task CheckTelemetryAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsTelemetryPath(context.Request.Path))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "Not found").ConfigureAwait(false);
        }
        else if (!Same(context.Request.Headers[KeyHeader], OtlpApiKey))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, $"The header {KeyHeader} must hold the key of this run.").ConfigureAwait(false);
        }
        else
        {
            await next(context).ConfigureAwait(false);
        }
    }

    private async Task LogInAsync(HttpContext context)
    {
        if (!Same(context.Request.Query["t"], LoginToken))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This login address is of another run. Take the one that the application host printed last.").ConfigureAwait(false);
            return;
        }

        context.Response.Cookies.Append(CookieName, session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });

        // A redirect would still count as coming from the other site that held the link, and the cookie would not be sent.
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync("<!doctype html><title>Dashboard</title><meta http-equiv=\"refresh\" content=\"0;url=/\">", context.RequestAborted).ConfigureAwait(false);
    }
}
