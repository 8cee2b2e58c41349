using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>
/// The runtime writes the span and its attributes itself; this applies the options to it. The runtime announces requests,
/// responses and failures through its diagnostic listener.
/// </summary>
internal sealed class OutgoingRequestSpans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Operation = "System.Net.Http.HttpRequestOut";
    private const string Failure = "System.Net.Http.Exception";

    private readonly HttpClientTraceInstrumentationOptions _options;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _subscriptions = [];
    private bool _disposed;

    public OutgoingRequestSpans(HttpClientTraceInstrumentationOptions options)
    {
        _options = options;
        if (IsAsked(options))
        {
            Keep(DiagnosticListener.AllListeners.Subscribe(this));
        }
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            Keep(value.Subscribe(this, static name => name is Operation or Operation + ".Start" or Operation + ".Stop" or Failure));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { OperationName: Operation, IsAllDataRequested: true } activity)
        {
            return;
        }

        switch (value.Key)
        {
            case Operation + ".Start" when PayloadProperties.Read<HttpRequestMessage>(value.Value, "Request") is { } request:
                Start(activity, request);
                break;
            case Operation + ".Stop" when PayloadProperties.Read<HttpResponseMessage>(value.Value, "Response") is { } response:
                Enrich(activity, static (options, span, state) => options.EnrichWithHttpResponseMessage?.Invoke(span, state), response);
                break;
            case Failure when PayloadProperties.Read<Exception>(value.Value, "Exception") is { } exception:
                Fail(activity, exception);
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

    // Listening costs every request some reflection.
    private static bool IsAsked(HttpClientTraceInstrumentationOptions options) =>
        options is not { FilterHttpRequestMessage: null, EnrichWithHttpRequestMessage: null, EnrichWithHttpResponseMessage: null, EnrichWithException: null, RecordException: false };

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
        if (!Accepts(request))
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        Enrich(activity, static (options, span, state) => options.EnrichWithHttpRequestMessage?.Invoke(span, state), request);
    }

    private void Fail(Activity activity, Exception exception)
    {
        if (_options.RecordException)
        {
            activity.AddException(exception);
        }

        Enrich(activity, static (options, span, state) => options.EnrichWithException?.Invoke(span, state), exception);
    }

    private bool Accepts(HttpRequestMessage request)
    {
        if (_options.FilterHttpRequestMessage is not { } filter)
        {
            return true;
        }

        try
        {
            return filter(request);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Debug.WriteLine(exception);
            return false;
        }
    }

    // The application's callback must not be able to fail the request that it describes.
    private void Enrich<T>(Activity activity, Action<HttpClientTraceInstrumentationOptions, Activity, T> enrich, T state)
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
