using Grpc.Core;

namespace Platform.Gateway;

/// <summary>Options of a call that must end within a limit or with its caller.</summary>
internal static class CallLimits
{
    public static CallOptions Within(this TimeProvider time, TimeSpan limit, CancellationToken cancellationToken) =>
        new(deadline: time.GetUtcNow().UtcDateTime + limit, cancellationToken: cancellationToken);
}
