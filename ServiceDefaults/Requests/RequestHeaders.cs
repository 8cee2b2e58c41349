using System.Buffers;

namespace Platform.ServiceDefaults;

/// <summary>The names under which the request context travels, as HTTP headers and as gRPC metadata, and what their values may be.</summary>
public static class RequestHeaders
{
    public const string RequestId = "x-request-id";
    public const string OrganizationId = "x-organization-id";
    public const string UserId = "x-user-id";
    public const string SessionId = "x-session-id";

    /// <summary>Longest accepted value, in characters.</summary>
    public const int MaximumLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@:");

    /// <summary>True for 1 to 128 of <c>A-Z a-z 0-9 . _ - @ :</c>, so that a value is safe in a log line, a key and a header.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= MaximumLength } && !value.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>A request id that nobody used before: 32 hexadecimal characters.</summary>
    public static string NewRequestId() => Guid.NewGuid().ToString("n");

    /// <summary>Builds the context from what the caller sent; values that are absent or invalid are replaced, never passed on.</summary>
    internal static RequestContext Read(Func<string, string?> header, DateTimeOffset? deadline)
    {
        return new RequestContext(
            Valid(RequestId) ?? NewRequestId(),
            Valid(OrganizationId) ?? RequestContext.DefaultOrganization,
            Valid(UserId) ?? RequestContext.AnonymousUser,
            Valid(SessionId) ?? "",
            deadline);

        string? Valid(string name) => header(name) is { } value && IsValid(value) ? value : null;
    }
}
