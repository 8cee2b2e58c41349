using System.Diagnostics;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class LoneDatabaseCallFilterTests
{
    [Theory]
    [InlineData("Npgsql", false, ActivityStatusCode.Unset, false)]
    [InlineData("OpenTelemetry.Instrumentation.StackExchangeRedis", false, ActivityStatusCode.Unset, false)]
    [InlineData("Npgsql", true, ActivityStatusCode.Unset, true)]
    [InlineData("Npgsql", false, ActivityStatusCode.Error, true)]
    [InlineData("System.Net.Http", false, ActivityStatusCode.Unset, true)]
    public void OnEnd_Call_IsKeptWhenItTellsSomething(string sourceName, bool hasParent, ActivityStatusCode status, bool kept)
    {
        using var source = new ActivitySource(sourceName);
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => ReferenceEquals(candidate, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var parent = hasParent ? new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded) : default;
        using var call = source.StartActivity("call", ActivityKind.Client, parent)!;
        call.SetStatus(status);

        using var filter = new LoneDatabaseCallFilter();
        filter.OnEnd(call);

        Assert.Equal(kept, call.Recorded);
    }
}
