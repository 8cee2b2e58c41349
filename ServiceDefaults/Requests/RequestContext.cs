namespace Platform.ServiceDefaults;

/// <summary>Who asks for what, from the edge to the last call of a request.</summary>
/// <param name="RequestId">1 to 128 characters of <c>A-Z a-z 0-9 . _ -</c>; accepted from the caller when valid, else generated at the edge.</param>
/// <param name="OrganizationId">The tenant; <see cref="DefaultOrganization"/> when the caller named none.</param>
/// <param name="UserId">The user, or <see cref="AnonymousUser"/>.</param>
/// <param name="SessionId">The conversation; empty when there is none.</param>
/// <param name="Deadline">The moment after which the caller no longer waits; null when it waits for ever.</param>
public sealed record RequestContext(
    string RequestId,
    string OrganizationId,
    string UserId,
    string SessionId,
    DateTimeOffset? Deadline)
{
    /// <summary>The one organization of an installation that has no tenants.</summary>
    public const string DefaultOrganization = "default";

    /// <summary>The user of a request that names none.</summary>
    public const string AnonymousUser = "anonymous";

    /// <summary>What <see cref="IRequestContextAccessor.Current"/> is outside any request: start-up, timers, health checks.</summary>
    public static RequestContext Background { get; } = new("background", DefaultOrganization, AnonymousUser, "", null);

    /// <summary>The time that is left before <see cref="Deadline"/>: never negative, null without a deadline.</summary>
    public TimeSpan? Remaining(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (Deadline is not { } deadline)
        {
            return null;
        }

        var left = deadline - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
