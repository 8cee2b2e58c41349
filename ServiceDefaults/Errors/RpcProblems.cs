using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Status = Google.Rpc.Status;
using StatusCode = Grpc.Core.StatusCode;

namespace Platform.ServiceDefaults;

/// <summary>A gRPC failure as RFC 9457 problem details, for the HTTP edge.</summary>
public static class RpcProblems
{
    /// <summary>
    /// Status, title and detail of <paramref name="error"/>, with <c>requestId</c>, <c>code</c>, <c>errors</c> (field → messages) and
    /// <c>retryAfterSeconds</c> where they apply. Nothing of the failing service beyond its refusal is shown.
    /// </summary>
    public static ProblemDetails ToProblemDetails(this RpcException error, string requestId)
    {
        ArgumentNullException.ThrowIfNull(error);
        var rich = RichStatus.Of(error);
        var (status, title) = Describe(error.StatusCode);
        var problem = new ProblemDetails
        {
            Status = status,
            Title = title,
            Type = $"https://httpstatuses.io/{status.ToString(CultureInfo.InvariantCulture)}",
            Detail = IsForReaders(error.StatusCode, rich) ? error.Status.Detail : title,
            Extensions = { ["requestId"] = requestId },
        };
        if (ErrorReason.Of(rich.Detail<ErrorInfo>()) is { Length: > 0 } reason)
        {
            problem.Extensions["code"] = reason.ToLowerInvariant();
        }

        if (rich.Detail<BadRequest>() is { FieldViolations.Count: > 0 } bad)
        {
            problem.Extensions["errors"] = bad.FieldViolations
                .GroupBy(violation => violation.Field, StringComparer.Ordinal)
                .ToDictionary(field => field.Key, field => field.Select(violation => violation.Description).ToArray(), StringComparer.Ordinal);
        }

        if (RetryAfter(rich) is { } seconds)
        {
            problem.Extensions["retryAfterSeconds"] = seconds;
        }

        return problem;
    }

    /// <summary>The same as a result that also sends <c>Retry-After</c> and the media type <c>application/problem+json</c>.</summary>
    public static IResult ToProblemResult(this RpcException error, string requestId) => new ProblemResult(error.ToProblemDetails(requestId));

    private static int? RetryAfter(Status? rich) =>
        rich.Detail<RetryInfo>()?.RetryDelay is { } delay ? Math.Max(1, (int)Math.Ceiling(delay.ToTimeSpan().TotalSeconds)) : null;

    // INTERNAL and the like are written for operators, even when they come with details.
    private static bool IsForReaders(StatusCode code, Status? rich) =>
        rich is { Details.Count: > 0 } && code is not (StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss);

    private static (int Status, string Title) Describe(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => (StatusCodes.Status400BadRequest, "The request is not valid."),
        StatusCode.Unauthenticated => (StatusCodes.Status401Unauthorized, "Sign in first."),
        StatusCode.PermissionDenied => (StatusCodes.Status403Forbidden, "This is not allowed."),
        StatusCode.NotFound => (StatusCodes.Status404NotFound, "There is no such thing."),
        StatusCode.AlreadyExists or StatusCode.Aborted => (StatusCodes.Status409Conflict, "Something else changed it first."),
        StatusCode.FailedPrecondition => (StatusCodes.Status409Conflict, "This cannot be done in the present state."),
        StatusCode.ResourceExhausted => (StatusCodes.Status429TooManyRequests, "Too many requests."),
        StatusCode.Cancelled => (StatusCodes.Status499ClientClosedRequest, "The request was cancelled."),
        StatusCode.Unimplemented => (StatusCodes.Status501NotImplemented, "This is not available."),
        StatusCode.Unavailable => (StatusCodes.Status503ServiceUnavailable, "A part of the platform is not available; try again shortly."),
        StatusCode.DeadlineExceeded => (StatusCodes.Status504GatewayTimeout, "The answer took too long; try again shortly."),
        _ => (StatusCodes.Status500InternalServerError, "The request failed."),
    };

    private sealed class ProblemResult(ProblemDetails problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (problem.Extensions.TryGetValue("retryAfterSeconds", out var seconds))
            {
                httpContext.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
            }

            return TypedResults.Problem(problem).ExecuteAsync(httpContext);
        }
    }
}
