using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Platform.Gateway.Chat;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Problems;

/// <summary>
/// Every refusal and failure of the edge as problem+json (RFC 9457): what is wrong, which field, what is allowed, and the
/// request id. Internals stay inside.
/// </summary>
internal static partial class ProblemMapping
{
    public static IResult Invalid(HttpContext http, string field, string message) =>
        Invalid(http, new Dictionary<string, string[]> { [field] = [message] });

    public static IResult Invalid(HttpContext http, IReadOnlyDictionary<string, string[]> errors) =>
        Problem(
            http, StatusCodes.Status400BadRequest, "The request is not valid", Sentences(errors), errors);

    public static IResult Maintenance(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "60";
        return Problem(http, StatusCodes.Status503ServiceUnavailable, "In maintenance", "An operator has paused answers. Please try again later.");
    }

    public static IResult NotAnOperator(HttpContext http) => Problem(http, StatusCodes.Status403Forbidden, "Not allowed", "This key is not an operator's.");

    public static IResult Problem(
        HttpContext http, int status, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Results.Problem(Details(status, title, detail, RequestId(http), errors));

    /// <summary>What a caller is told of an exception.</summary>
    public static ProblemDetails From(Exception failure, string requestId, EndpointMetadataCollection? endpoint = null) => failure switch
    {
        UnknownSessionException => Details(
            StatusCodes.Status404NotFound, "Unknown session", "This session does not exist for this user. Leave sessionId out to start a new one.",
            requestId, new Dictionary<string, string[]> { ["sessionId"] = ["is not a session of this user"] }),
        BadHttpRequestException bad => Details(
            bad.StatusCode, "The request is not valid", bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? "The body is too large."
                : "A value in the address or a header has the wrong form.", requestId, null),
        RpcException rpc => InWordsOfTheApi(rpc.ToProblemDetails(requestId), endpoint),
        _ => Details(
            StatusCodes.Status500InternalServerError, "Something went wrong",
            "The request could not be answered. Quote the request id when you report it.", requestId, null),
    };

    public static void Log(HttpContext http, Exception failure, ProblemDetails details)
    {
        ILogger logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Platform.Gateway.Problems");
        if (details.Status >= StatusCodes.Status500InternalServerError)
        {
            Failed(logger, failure, http.Request.Method, (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint())?.DisplayName ?? "none", details.Status ?? 0);
        }
    }

    /// <summary>Turns what no endpoint handled into problem+json.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = async http =>
            {
                Exception failure = http.Features.Get<IExceptionHandlerFeature>()!.Error;
                if (http.RequestAborted.IsCancellationRequested)
                {
                    // The caller left; nobody reads the answer. 499 is what proxies log for it.
                    http.Response.StatusCode = 499;
                    return;
                }

                ProblemDetails details = From(failure, RequestId(http), http.Features.Get<IExceptionHandlerFeature>()!.Endpoint?.Metadata);
                Log(http, failure, details);
                http.Response.StatusCode = details.Status ?? StatusCodes.Status500InternalServerError;
                if (details.Extensions.TryGetValue("retryAfterSeconds", out object? seconds) && seconds is not null)
                {
                    http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
                }

                await http.Response.WriteAsJsonAsync(
                    details, ProblemJson.Default.ProblemDetails, "application/problem+json", http.RequestAborted);
            },
        })
        .UseStatusCodePages(async status =>
        {
            HttpContext http = status.HttpContext;
            (string title, string detail) = http.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => ("Not found", $"There is nothing at {http.Request.Path}. The endpoints are listed at /openapi/v1.json."),
                StatusCodes.Status405MethodNotAllowed => ("Method not allowed", $"{http.Request.Method} is not allowed here; {http.Response.Headers.Allow} is."),
                StatusCodes.Status415UnsupportedMediaType => ("Unsupported media type", "The body must be application/json."),
                StatusCodes.Status401Unauthorized => ("Not authenticated", "Send a valid key in the header x-api-key."),
                StatusCodes.Status403Forbidden => ("Not allowed", "This key may not do that."),
                int code => ("Request failed", $"The request ended with status {code}."),
            };
            ProblemDetails details = Details(http.Response.StatusCode, title, detail, RequestId(http), null);
            await http.Response.WriteAsJsonAsync(
                details, ProblemJson.Default.ProblemDetails, "application/problem+json", http.RequestAborted);
        });

    public static string RequestId(HttpContext http) =>
        http.RequestServices.GetRequiredService<IRequestContextAccessor>().Current.RequestId;

    private static string Sentences(IReadOnlyDictionary<string, string[]> errors) =>
        string.Join(" ", errors.Select(e => $"{e.Key} {e.Value[0]}."));

    // Services name fields by their proto paths; callers of the API know them by other names.
    private static ProblemDetails InWordsOfTheApi(ProblemDetails details, EndpointMetadataCollection? endpoint)
    {
        if (details.Extensions.TryGetValue("errors", out object? found) && found is IReadOnlyDictionary<string, string[]> errors)
        {
            Dictionary<string, string[]> renamed = errors
                .GroupBy(e => FieldNames.Of(e.Key, endpoint), e => e.Value, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.SelectMany(m => m).ToArray(), StringComparer.Ordinal);
            details.Extensions["errors"] = renamed;
            details.Detail = Sentences(renamed);
        }

        return details;
    }

    private static ProblemDetails Details(
        int status, string title, string detail, string requestId, IReadOnlyDictionary<string, string[]>? errors)
    {
        ProblemDetails details = new()
        {
            Type = $"https://httpstatuses.io/{status.ToString(CultureInfo.InvariantCulture)}",
            Title = title,
            Status = status,
            Detail = detail,
            Extensions = { ["requestId"] = requestId },
        };
        if (errors is not null)
        {
            details.Extensions["errors"] = errors;
        }

        return details;
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Endpoint} failed with {Status}", EventName = "RequestFailed")]
    private static partial void Failed(ILogger logger, Exception failure, string method, string endpoint, int status);
}
