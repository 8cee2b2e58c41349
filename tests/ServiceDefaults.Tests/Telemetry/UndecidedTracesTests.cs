using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Telemetry;

/// <summary>Traces that sampling left out are kept when they failed or were slow, within bounds.</summary>
public sealed class UndecidedTracesTests : IDisposable
{
    private readonly ActivitySource _source = new($"undecided-{Guid.NewGuid():n}");
    private readonly ActivityListener _listener;
    private readonly ManualTime _time = new();
    private readonly TelemetryOptions _options = new() { SlowTrace = TimeSpan.FromSeconds(5), UndecidedSpans = 100, UndecidedFor = TimeSpan.FromSeconds(30) };
    private readonly UndecidedTraces _traces;
    private readonly List<string> _kept = [];
    private readonly List<ActivityTraceId> _announced = [];

    public UndecidedTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(_listener);
        _traces = new UndecidedTraces(Options.Create(_options), _time)
        {
            Kept = span =>
            {
                Assert.True(span.Recorded);
                _kept.Add(span.DisplayName);
            },
            Announce = _announced.Add,
        };
    }

    [Fact]
    public void Ended_AllWell_IsForgottenWhereTheRequestCameIn()
    {
        using (var root = Start("request"))
        {
            End(Start("query"));
            End(root);
        }

        Assert.Empty(_kept);
        Assert.Empty(_announced);
        Assert.Equal(0, _traces.Count);
    }

    [Fact]
    public void Ended_OnePartFailed_KeepsAllOfItAndTellsTheOthers()
    {
        using var root = Start("request");
        End(Start("query"));
        End(Start("call"), failed: true);
        End(Start("later"));
        End(root);

        Assert.Equal(["query", "call", "later", "request"], _kept);
        Assert.Equal([root.TraceId], _announced);
        Assert.Equal(0, _traces.Count);
    }

    [Fact]
    public void Ended_ACallWasRefused_IsNoReasonToKeepIt()
    {
        using var root = Start("request");
        var call = Start("call");
        call.SetTag("rpc.response.status_code", "NOT_FOUND");
        End(call, failed: true);
        End(root);

        Assert.Empty(_kept);
    }

    [Fact]
    public void Ended_TheUserWasRefused_IsKept()
    {
        using var root = Start("request");
        root.SetTag("http.response.status_code", 404);
        End(root);

        Assert.Equal(["request"], _kept);
    }

    [Fact]
    public void Ended_Slow_IsKept()
    {
        using var root = Start("request");
        root.SetEndTime(root.StartTimeUtc.AddSeconds(6));
        End(root);

        Assert.Equal(["request"], _kept);
    }

    [Fact]
    public void Ended_CalledByAnotherService_WaitsForItsWord()
    {
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
        using var served = _source.StartActivity("served", ActivityKind.Server, caller)!;
        UndecidedTraces.MarkCallee(served);
        End(Start("query"));
        End(served);
        Assert.Empty(_kept);
        Assert.Equal(2, _traces.Count);

        _traces.Keep(caller.TraceId);
        using var late = _source.StartActivity("late", ActivityKind.Client, caller)!;
        End(late);

        Assert.Equal(["query", "served", "late"], _kept);
        Assert.Empty(_announced);
    }

    [Fact]
    public void Ended_CalledFromOutside_IsDecidedHere()
    {
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
        using var served = _source.StartActivity("served", ActivityKind.Server, caller)!;
        End(served, failed: true);

        Assert.Equal([caller.TraceId], _announced);
    }

    [Fact]
    public void Ended_NobodyDecides_IsBoundedInNumberAndTime()
    {
        for (var i = 0; i < 1000; i++)
        {
            var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
            using var span = _source.StartActivity("waiting", ActivityKind.Consumer, caller)!;
            End(span);
            Assert.InRange(_traces.Count, 1, 100);
        }

        _time.Advance(TimeSpan.FromSeconds(31));
        using var next = Start("request");
        End(next);

        Assert.Equal(0, _traces.Count);
        Assert.Empty(_kept);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    private Activity Start(string name) => _source.StartActivity(name)!;

    private void End(Activity span, bool failed = false)
    {
        if (failed)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Stop();
        _traces.Ended(span);
    }
}
