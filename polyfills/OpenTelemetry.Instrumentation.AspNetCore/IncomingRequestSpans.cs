using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>
/// Completes the activity that the framework starts for a request with the attributes of the HTTP conventions.
/// The framework announces start, stop and unhandled exceptions through its diagnostic listener.
/// </summary>
internal sealed class IncomingRequestSpans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Operation = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly AspNetCoreTraceInstrumentationOptions _options;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _subscriptions = [];
    private ServerAddress _address = new(new HostString(string.Empty));
    private bool _disposed;

    public IncomingRequestSpans(AspNetCoreTraceInstrumentationOptions options)
    {
        _options = options;
        Keep(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
        {
            Keep(value.Subscribe(this, static name => name
                is Operation
                or Operation + ".Start"
                or Operation + ".Stop"
                or "Microsoft.AspNetCore.Hosting.UnhandledException"
                or "Microsoft.AspNetCore.Diagnostics.UnhandledException"));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { } current)
        {
            return;
        }

        switch (value.Key)
        {
            case Operation + ".Start" when value.Value is HttpContext context:
                Start(current, context);
                break;
            case Operation + ".Stop" when value.Value is HttpContext context:
                Stop(current, context);
                break;
            case "Microsoft.AspNetCore.Hosting.UnhandledException" or "Microsoft.AspNetCore.Diagnostics.UnhandledException":
                Fail(current, value.Value);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _subscriptions.ForEach(static subscription => subscription.Dispose());
            _subscriptions.Clear();
        }
    }

    private void Keep(IDisposable subscription)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                subscription.Dispose();
                return;
            }

            _subscriptions.Add(subscription);
        }
    }

    private void Start(Activity activity, HttpContext context)
    {
        if (!activity.IsAllDataRequested)
        {
            return;
        }

        if (!Accepts(context))
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var request = context.Request;
        var method = HttpConventions.Method(request.Method);
        activity.DisplayName = method == HttpConventions.OtherMethod ? "HTTP" : method;
        activity.SetTag("http.request.method", method);
        if (method != request.Method)
        {
            activity.SetTag("http.request.method_original", request.Method);
        }

        if (request.Host.HasValue)
        {
            var address = AddressOf(request.Host);
            activity.SetTag("server.address", address.Name);
            if (address.Port is { } port && port != (request.IsHttps ? 443 : 80))
            {
                activity.SetTag("server.port", address.PortTag);
            }
        }

        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", (request.PathBase + request.Path) is { HasValue: true } path ? path.Value : "/");
        if (request.QueryString is { HasValue: true, Value: { Length: > 1 } query })
        {
            activity.SetTag("url.query", HttpConventions.Redact(query));
        }

        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..])
        {
            activity.SetTag("user_agent.original", agent);
        }

        activity.SetTag("network.protocol.version", HttpConventions.ProtocolVersion(request.Protocol));
        Enrich(activity, static (options, span, state) => options.EnrichWithHttpRequest?.Invoke(span, state), request);
    }

    private void Stop(Activity activity, HttpContext context)
    {
        if (!activity.IsAllDataRequested)
        {
            return;
        }

        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { Length: > 0 } route })
        {
            var method = HttpConventions.Method(context.Request.Method);
            activity.DisplayName = $"{(method == HttpConventions.OtherMethod ? "HTTP" : method)} {route}";
            activity.SetTag("http.route", route);
        }

        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        if (activity.Status == ActivityStatusCode.Unset && status is >= 500 and < 600)
        {
            activity.SetStatus(ActivityStatusCode.Error);
            if (activity.GetTagItem("error.type") is null)
            {
                activity.SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        Enrich(activity, static (options, span, state) => options.EnrichWithHttpResponse?.Invoke(span, state), context.Response);
    }

    private void Fail(Activity current, object? payload)
    {
        if (RequestActivity(current) is not { IsAllDataRequested: true } activity || ExceptionOf(payload) is not { } exception)
        {
            return;
        }

        activity.SetTag("error.type", exception.GetType().FullName);
        if (_options.RecordException)
        {
            activity.AddException(exception);
        }

        activity.SetStatus(ActivityStatusCode.Error);
        Enrich(activity, static (options, span, state) => options.EnrichWithException?.Invoke(span, state), exception);
    }

    // The exception may be announced while an activity of the application is still current.
    private static Activity? RequestActivity(Activity? activity)
    {
        while (activity is not null && activity.OperationName != Operation)
        {
            activity = activity.Parent;
        }

        return activity;
    }

    // Hosting sends an anonymous type, the exception middleware another one; both name the property alike.
    private static Exception? ExceptionOf(object? payload)
        => payload?.GetType().GetProperty("exception")?.GetValue(payload) as Exception
        ?? payload?.GetType().GetProperty("Exception")?.GetValue(payload) as Exception;

    // Nearly all requests of a service name the same host.
    private ServerAddress AddressOf(HostString host)
    {
        var latest = Volatile.Read(ref _address);
        if (latest.Host != host)
        {
            latest = new ServerAddress(host);
            Volatile.Write(ref _address, latest);
        }

        return latest;
    }

    private bool Accepts(HttpContext context)
    {
        if (_options.Filter is not { } filter)
        {
            return true;
        }

        try
        {
            return filter(context);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Debug.WriteLine(exception);
            return false;
        }
    }

    // The application's callback must not be able to fail the request that it describes.
    private void Enrich<T>(Activity activity, Action<AspNetCoreTraceInstrumentationOptions, Activity, T> enrich, T state)
    {
        try
        {
            enrich(_options, activity, state);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            activity.AddEvent(new ActivityEvent("enrich failed", tags: new() { ["exception.type"] = exception.GetType().FullName }));
        }
    }

    /// <summary>The host that a request names, taken apart.</summary>
    private sealed class ServerAddress(HostString host)
    {
        public HostString Host => host;

        public string Name { get; } = host.Host;

        public int? Port { get; } = host.Port;

        public object? PortTag { get; } = host.Port;
    }
}
