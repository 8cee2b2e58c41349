using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Platform.ServiceDefaults;

/// <summary>
/// Refusals of a gRPC service as <c>google.rpc</c> rich errors. The domain of an <see cref="ErrorInfo"/> is filled in on the
/// way out with the service's name, e.g. <c>platform.memory</c>.
/// </summary>
public static class RpcErrors
{
    /// <summary>INVALID_ARGUMENT with one field violation. <paramref name="field"/> is the proto path, e.g. <c>query</c> or <c>entities[0].id</c>.</summary>
    public static RpcException InvalidArgument(string field, string description) => InvalidArgument([(field, description)]);

    /// <summary>INVALID_ARGUMENT with a violation for each field.</summary>
    public static RpcException InvalidArgument(IEnumerable<(string Field, string Description)> violations)
    {
        var details = new BadRequest();
        details.FieldViolations.AddRange(violations.Select(violation =>
            new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Description }));
        var message = string.Join("; ", details.FieldViolations.Select(violation => $"{violation.Field}: {violation.Description}"));
        return Create(Code.InvalidArgument, message, Any.Pack(details));
    }

    /// <summary>NOT_FOUND that names the kind of resource, e.g. <c>customer</c>, and its id.</summary>
    public static RpcException NotFound(string resource, string id) =>
        Create(Code.NotFound, $"There is no {resource} \"{id}\".", Any.Pack(new ResourceInfo { ResourceType = resource, ResourceName = id }));

    /// <summary>FAILED_PRECONDITION: the call cannot work until something is set up. <paramref name="reason"/> is UPPER_SNAKE_CASE.</summary>
    public static RpcException FailedPrecondition(string reason, string message) =>
        Create(Code.FailedPrecondition, message, Info(reason));

    /// <summary>RESOURCE_EXHAUSTED: over a limit; <paramref name="retryAfter"/> tells when another attempt makes sense.</summary>
    public static RpcException ResourceExhausted(string reason, string message, TimeSpan? retryAfter = null) =>
        retryAfter is { } delay
            ? Create(Code.ResourceExhausted, message, Info(reason), Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }))
            : Create(Code.ResourceExhausted, message, Info(reason));

    /// <summary>RESOURCE_EXHAUSTED with <paramref name="metadata"/> that tells which limit, what is left of it and when it resets.</summary>
    public static RpcException ResourceExhausted(string reason, string message, TimeSpan retryAfter, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var info = ErrorReason.Info(reason);
        foreach (var (key, value) in metadata)
        {
            info.Metadata[key] = value;
        }

        return Create(Code.ResourceExhausted, message, Any.Pack(info), Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }));
    }

    /// <summary>The metadata in the <see cref="ErrorInfo"/> of <paramref name="error"/>; empty when it has none.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return RichStatus.Of(error).Detail<ErrorInfo>()?.Metadata.ToDictionary(StringComparer.Ordinal) ?? [];
    }

    /// <summary>UNAVAILABLE: something that this service needs is away; the same call may work later.</summary>
    public static RpcException Unavailable(string reason, string message) => Create(Code.Unavailable, message, Info(reason));

    /// <summary>Any other status with a reason.</summary>
    public static RpcException WithReason(StatusCode code, string reason, string message) => Create((Code)(int)code, message, Info(reason));

    /// <summary>The reason in the <see cref="ErrorInfo"/> of <paramref name="error"/>; empty when it has none.</summary>
    public static string Reason(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return ErrorReason.Of(RichStatus.Of(error).Detail<ErrorInfo>());
    }

    private static Any Info(string reason) => Any.Pack(ErrorReason.Info(reason));

    private static RpcException Create(Code code, string message, params ReadOnlySpan<Any> details)
    {
        var status = new Status { Code = (int)code, Message = message };
        foreach (var detail in details)
        {
            status.Details.Add(detail);
        }

        return RichStatus.ToException(status);
    }
}
