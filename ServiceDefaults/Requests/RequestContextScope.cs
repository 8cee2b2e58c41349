using System.Collections;
using System.Diagnostics;

namespace Platform.ServiceDefaults;

/// <summary>The request context as a log scope, and as tags and baggage of the current activity.</summary>
internal sealed class RequestContextScope(RequestContext context) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => context.SessionId.Length == 0 ? 3 : 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("requestId", context.RequestId),
        1 => new("organizationId", context.OrganizationId),
        2 => new("userId", context.UserId),
        3 when Count == 4 => new("sessionId", context.SessionId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"request {context.RequestId}";

    internal static void Tag(Activity? activity, RequestContext context)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("platform.request.id", context.RequestId);
        activity.SetTag("platform.organization.id", context.OrganizationId);
        activity.SetTag("enduser.id", context.UserId);
        if (context.SessionId.Length > 0)
        {
            activity.SetTag("session.id", context.SessionId);
        }

        // Baggage goes with every call between services. Calls to model providers carry no trace headers at all, so that it stays inside.
        activity.SetBaggage("platform.request.id", context.RequestId);
        activity.SetBaggage("platform.organization.id", context.OrganizationId);
        activity.SetBaggage("enduser.id", context.UserId);
        activity.SetBaggage("session.id", context.SessionId.Length > 0 ? context.SessionId : null);
    }
}
