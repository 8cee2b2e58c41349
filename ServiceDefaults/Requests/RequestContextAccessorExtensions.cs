using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Ways to enter a request context.</summary>
public static class RequestContextAccessorExtensions
{
    /// <summary>
    /// Makes <paramref name="context"/> current, puts it on the current span and its baggage, and on the lines of every logger until the
    /// result is disposed. For the edge once it knows user and session, and for queued work.
    /// </summary>
    public static IDisposable Enter(this IRequestContextAccessor accessor, RequestContext context, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(accessor);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(logger);
        RequestContextScope.Tag(Activity.Current, context);
        return new Entered(accessor.Use(context), logger.BeginScope(new RequestContextScope(context)));
    }

    private sealed class Entered(IDisposable current, IDisposable? scope) : IDisposable
    {
        public void Dispose()
        {
            scope?.Dispose();
            current.Dispose();
        }
    }
}
