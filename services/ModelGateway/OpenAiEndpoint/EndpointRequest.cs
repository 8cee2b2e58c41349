using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>What the headers of a request tell beyond its body.</summary>
internal static class EndpointRequest
{
    /// <summary>Names what a call is for, as usage is grouped by it.</summary>
    internal const string OperationHeader = "x-platform-operation";

    private const string TimeoutHeader = "x-stainless-timeout";
    private const string DefaultOperation = "openai_endpoint";
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    internal static string Operation(HttpContext http) =>
        http.Request.Headers[OperationHeader].ToString() is { Length: > 0 } operation
            ? RequestHeaders.IsValid(operation) ? operation : throw EndpointRefusedException.Invalid(OperationHeader, $"The header {OperationHeader} must have 1 to {RequestHeaders.MaximumLength} of A-Z a-z 0-9 . _ - @ :.")
            : DefaultOperation;

    /// <summary>OpenAI's clients tell how many seconds they wait; after that, no attempt makes sense.</summary>
    internal static DateTimeOffset? Deadline(HttpContext http, DateTimeOffset now) =>
        double.TryParse(http.Request.Headers[TimeoutHeader], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? now + TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeout.TotalSeconds))
            : null;
}
