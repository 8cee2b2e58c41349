using System.Diagnostics;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Tests;

/// <summary>Keeps the spans that end.</summary>
internal sealed class Recording : BaseProcessor<Activity>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Activity> _ended = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Activity> Ended
    {
        get
        {
            lock (_gate)
            {
                return [.. _ended];
            }
        }
    }

    public override void OnEnd(Activity data)
    {
        lock (_gate)
        {
            _ended.Add(data);
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The first span that matches; a server's span may end after the client has its answer.</summary>
    public async Task<Activity> SpanAsync(Func<Activity, bool> matches, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_ended.FirstOrDefault(matches) is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(limit.Token);
        }
    }
}

internal static class RecordingExtensions
{
    public static TracerProviderBuilder AddRecording(this TracerProviderBuilder builder, Recording recording) => builder.AddProcessor(recording);
}
