using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Instrumentation.Http;

namespace OpenTelemetry.Instrumentation.GrpcNetClient;

/// <summary>
/// Completes the activity <c>Grpc.Net.Client.GrpcOut</c> that the client starts for a call with the attributes of the RPC
/// conventions. The client announces start and stop through its diagnostic listener <c>Grpc.Net.Client</c>.
/// </summary>
internal sealed class GrpcCallSpans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Operation = "Grpc.Net.Client.GrpcOut";
    private const string SuppressionProperty = "suppression";

    private static readonly string[] StatusNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
        "DATA_LOSS", "UNAUTHENTICATED",
    ];

    private readonly GrpcClientTraceInstrumentationOptions _options;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _subscriptions = [];
    private bool _disposed;

    public GrpcCallSpans(GrpcClientTraceInstrumentationOptions options)
    {
        _options = options;
        Keep(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Grpc.Net.Client")
        {
            Keep(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { OperationName: Operation } activity)
        {
            return;
        }

        switch (value.Key)
        {
            case Operation + ".Start" when PayloadProperties.Read<HttpRequestMessage>(value.Value, "Request") is { } request:
                Start(activity, request);
                break;
            case Operation + ".Stop":
                Stop(activity, value.Value);
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

    private void Start(Activity activity, HttpRequestMessage request)
    {
        if (_options.SuppressDownstreamInstrumentation)
        {
            // Without a span of its own the HTTP handler would not write the trace headers.
            DistributedContextPropagator.Current.Inject(activity, request.Headers, static (carrier, name, value) =>
            {
                if (carrier is System.Net.Http.Headers.HttpRequestHeaders headers && !headers.Contains(name))
                {
                    headers.TryAddWithoutValidation(name, value);
                }
            });
            activity.SetCustomProperty(SuppressionProperty, SuppressInstrumentationScope.Begin());
        }

        if (!activity.IsAllDataRequested)
        {
            return;
        }

        var path = (activity.GetTagItem("grpc.method") as string ?? request.RequestUri?.AbsolutePath ?? string.Empty).Trim('/');
        activity.DisplayName = path;
        activity.SetTag("rpc.system.name", "grpc");
        activity.SetTag("rpc.method", path);
        activity.SetTag("grpc.method", null);

        if (request.RequestUri is { IsAbsoluteUri: true } address)
        {
            activity.SetTag("server.address", address.Host);
            activity.SetTag("server.port", address.Port);
        }

        Enrich(activity, static (options, span, state) => options.EnrichWithHttpRequestMessage?.Invoke(span, state), request);
    }

    private void Stop(Activity activity, object? payload)
    {
        if (activity.GetCustomProperty(SuppressionProperty) is IDisposable suppression)
        {
            suppression.Dispose();
        }

        if (!activity.IsAllDataRequested)
        {
            return;
        }

        if (int.TryParse(Convert.ToString(activity.GetTagItem("grpc.status_code"), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var status))
        {
            activity.SetTag("grpc.status_code", null);
            var name = status >= 0 && status < StatusNames.Length ? StatusNames[status] : status.ToString(CultureInfo.InvariantCulture);
            activity.SetTag("rpc.response.status_code", name);
            if (status != 0)
            {
                activity.SetStatus(ActivityStatusCode.Error, activity.StatusDescription);
                activity.SetTag("error.type", name);
            }
        }

        if (_options.EnrichWithHttpResponseMessage is not null && PayloadProperties.Read<HttpResponseMessage>(payload, "Response") is { } response)
        {
            Enrich(activity, static (options, span, state) => options.EnrichWithHttpResponseMessage?.Invoke(span, state), response);
        }
    }

    // The application's callback must not be able to fail the call that it describes.
    private void Enrich<T>(Activity activity, Action<GrpcClientTraceInstrumentationOptions, Activity, T> enrich, T state)
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
}
