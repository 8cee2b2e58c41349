namespace Platform.ServiceDefaults;

/// <summary>The context of the request that the current code works for.</summary>
public interface IRequestContextAccessor
{
    /// <summary>Never null: <see cref="RequestContext.Background"/> outside a request.</summary>
    RequestContext Current { get; }

    /// <summary>Makes <paramref name="context"/> current until the result is disposed: for queued work, and for the edge once it knows the user.</summary>
    IDisposable Use(RequestContext context);
}
