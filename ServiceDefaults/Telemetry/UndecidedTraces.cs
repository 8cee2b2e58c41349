using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// Spans of traces that sampling left out, held for a while. A span that failed or was slow keeps its trace; callers hear of it from their
/// callees, up to the service where the request came in, and that one tells all others. Bounded in spans and time; the oldest go first.
/// </summary>
internal sealed class UndecidedTraces(IOptions<TelemetryOptions> options, TimeProvider time)
{
    private const string Callee = "platform.callee";
    private static readonly string?[] Refusals = ["NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "ALREADY_EXISTS", "OUT_OF_RANGE"];

    private readonly Lock _gate = new();
    private readonly Dictionary<ActivityTraceId, Held> _traces = [];
    private readonly Queue<(ActivityTraceId Trace, Held Held)> _order = new();
    private int _spans;

    /// <summary>Takes spans that are to be kept after all.</summary>
    internal Action<Activity>? Kept { get; set; }

    /// <summary>Told of each trace that came in here and is kept after all.</summary>
    internal Action<ActivityTraceId>? Announce { get; set; }

    /// <summary>Spans that are held now.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _spans;
            }
        }
    }

    internal void Ended(Activity span)
    {
        var settings = options.Value;
        var isEdge = IsEdge(span);
        List<Activity> release = [];
        var announce = false;
        lock (_gate)
        {
            Forget(settings);
            var held = Of(span.TraceId);
            held.Keep |= IsFault(span, isEdge) || span.Duration >= settings.SlowTrace;
            held.Spans.Add(span);
            _spans++;
            if (held.Keep)
            {
                release = Empty(held);
                announce = isEdge;
            }
            else if (isEdge)
            {
                // Where the request came in nothing was wrong with it: that is the decision.
                Empty(held);
            }
        }

        Release(release);
        if (announce)
        {
            Announce?.Invoke(span.TraceId);
        }
    }

    /// <summary>Somebody else found that this trace is to be kept.</summary>
    internal void Keep(ActivityTraceId trace)
    {
        List<Activity> release;
        lock (_gate)
        {
            var held = Of(trace);
            held.Keep = true;
            release = Empty(held);
        }

        Release(release);
    }

    /// <summary>Whether something in this process found that the trace is to be kept.</summary>
    internal bool IsKept(ActivityTraceId trace)
    {
        lock (_gate)
        {
            return _traces.TryGetValue(trace, out var held) && held.Keep;
        }
    }

    /// <summary>This call came from another service of the platform, which will decide.</summary>
    internal static void MarkCallee(Activity? span)
    {
        if (span is { Recorded: false })
        {
            span.SetCustomProperty(Callee, Callee);
        }
    }

    // That a service refused a call, because there is no such session yet for example, is told to its caller and is no fault; what a user is
    // told is kept whatever it is.
    private static bool IsFault(Activity span, bool isEdge) => isEdge && span.GetTagItem("http.response.status_code") is >= 400
        || (span.Status == ActivityStatusCode.Error && !Refusals.Contains(span.GetTagItem("rpc.response.status_code") as string));

    // The first span of this process, unless another service or its queue sent it here.
    private static bool IsEdge(Activity span) => span.Parent is null
        && (span.ParentSpanId == default || (span.Kind == ActivityKind.Server && span.GetCustomProperty(Callee) is null));

    private Held Of(ActivityTraceId trace)
    {
        if (!_traces.TryGetValue(trace, out var held))
        {
            held = _traces[trace] = new Held(time.GetTimestamp());
            _order.Enqueue((trace, held));
        }

        return held;
    }

    // A trace without spans is remembered too: what ends later follows the same decision.
    private void Forget(TelemetryOptions settings)
    {
        while (_order.TryPeek(out var oldest)
            && (_spans >= settings.UndecidedSpans || _order.Count > settings.UndecidedSpans || time.GetElapsedTime(oldest.Held.Since) > settings.UndecidedFor))
        {
            _order.Dequeue();
            Empty(oldest.Held);
            _traces.Remove(oldest.Trace);
        }
    }

    private List<Activity> Empty(Held held)
    {
        var spans = held.Spans;
        _spans -= spans.Count;
        held.Spans = [];
        return spans;
    }

    private void Release(List<Activity> spans)
    {
        foreach (var span in spans)
        {
            span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
            Kept?.Invoke(span);
        }
    }

    private sealed class Held(long since)
    {
        public long Since { get; } = since;

        public bool Keep { get; set; }

        public List<Activity> Spans { get; set; } = [];
    }
}
