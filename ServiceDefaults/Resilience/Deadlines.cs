namespace Platform.ServiceDefaults;

internal static class Deadlines
{
    /// <summary>
    /// The earliest of: the caller's deadline less a margin, the deadline of this call, and now plus the default limit.
    /// The margin is at most a tenth of the time left, so that short budgets are not eaten up by hops.
    /// </summary>
    internal static DateTime ForCall(DateTimeOffset? callers, DateTime? own, DateTimeOffset now, ResilienceOptions options)
    {
        var earliest = own?.ToUniversalTime() ?? (now + options.DefaultDeadline).UtcDateTime;
        if (callers is not { } limit)
        {
            return earliest;
        }

        var left = limit - now;
        var margin = left > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(options.DeadlineMargin.Ticks, left.Ticks / 10)) : TimeSpan.Zero;
        var shortened = (limit - margin).UtcDateTime;
        return shortened < earliest ? shortened : earliest;
    }
}
