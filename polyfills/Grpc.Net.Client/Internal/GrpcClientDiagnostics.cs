using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>One activity for each call, under the names that instrumentation listens for.</summary>
internal static class GrpcClientDiagnostics
{
    public const string SourceName = "Grpc.Net.Client";
    public const string ActivityName = "Grpc.Net.Client.GrpcOut";
    private const string StartEvent = ActivityName + ".Start";
    private const string StopEvent = ActivityName + ".Stop";
    private static readonly ActivitySource Source = new(SourceName);
    private static readonly DiagnosticListener Listener = new(SourceName);

    public static Activity? Start(HttpRequestMessage request, IMethod method)
    {
        var listened = Listener.IsEnabled() && Listener.IsEnabled(ActivityName, request);
        if (!listened && !Source.HasListeners())
        {
            return null;
        }

        var activity = Source.CreateActivity(ActivityName, ActivityKind.Client);
        if (activity is null && listened)
        {
            activity = new Activity(ActivityName);
        }

        if (activity is null)
        {
            return null;
        }

        activity.Start();
        activity.SetTag("grpc.method", method.FullName);
        if (listened && Listener.IsEnabled(StartEvent))
        {
            Listener.Write(StartEvent, new { Request = request });
        }

        return activity;
    }

    public static void Stop(Activity activity, HttpRequestMessage? request, HttpResponseMessage? response, StatusCode status)
    {
        activity.SetTag("grpc.status_code", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (Listener.IsEnabled(StopEvent))
        {
            // Listeners read Activity.Current; the end of a stream is often seen on another context.
            var previous = Activity.Current;
            Activity.Current = activity;
            Listener.Write(StopEvent, new { Request = request, Response = response });
            Activity.Current = previous;
        }

        activity.Stop();
    }
}
