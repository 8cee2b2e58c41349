namespace Platform.ServiceDefaults;

internal sealed class RequestContextAccessor : IRequestContextAccessor
{
    private static readonly AsyncLocal<RequestContext?> Ambient = new();

    public RequestContext Current => Ambient.Value ?? RequestContext.Background;

    public IDisposable Use(RequestContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var previous = Ambient.Value;
        Ambient.Value = context;
        return new Restore(previous);
    }

    private sealed class Restore(RequestContext? previous) : IDisposable
    {
        public void Dispose() => Ambient.Value = previous;
    }
}
