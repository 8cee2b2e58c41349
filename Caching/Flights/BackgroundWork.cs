using Microsoft.Extensions.Logging;

namespace Platform.Caching.Flights;

/// <summary>Work that no caller waits for; its end can be awaited and its failure is logged.</summary>
internal sealed partial class BackgroundWork(ILogger logger)
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> tasks = [];

    public void Add(Task task)
    {
        lock (gate)
        {
            tasks.Add(task);
        }

        _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task AllAsync()
    {
        lock (gate)
        {
            return Task.WhenAll(tasks.Select(task => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        }
    }

    private void Ended(Task task)
    {
        lock (gate)
        {
            tasks.Remove(task);
        }

        if (task.Exception?.InnerException is { } exception and not SourceUnavailableException)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "CacheBackgroundWorkFailed", Level = LogLevel.Error, Message = "Work of a cache in the background failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
