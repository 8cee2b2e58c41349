using System.Diagnostics;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Chat;

/// <summary>Times the stages of one answer, as spans, metrics and the <c>timings</c> of the response.</summary>
internal sealed class Stages(TimeProvider time, GatewayMetrics metrics)
{
    private readonly Dictionary<string, double> milliseconds = [];
    private readonly long began = time.GetTimestamp();

    public async Task<T> MeasureAsync<T>(string stage, Func<Task<T>> work)
    {
        using Activity? activity = GatewayTelemetry.Source.StartActivity(stage);
        long start = time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            Record(stage, time.GetElapsedTime(start));
        }
    }

    /// <summary>The timings so far, with the total.</summary>
    public IReadOnlyDictionary<string, double> Snapshot()
    {
        lock (milliseconds)
        {
            return new Dictionary<string, double>(milliseconds)
            {
                ["total"] = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3),
            };
        }
    }

    private void Record(string stage, TimeSpan elapsed)
    {
        metrics.StageFinished(stage, elapsed);
        lock (milliseconds)
        {
            milliseconds[stage] = Math.Round(elapsed.TotalMilliseconds, 3);
        }
    }
}
