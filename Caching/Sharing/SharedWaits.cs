namespace Platform.Caching.Sharing;

/// <summary>Those who wait for what another replica computes.</summary>
internal sealed class SharedWaits
{
    private readonly Lock gate = new();
    private readonly Dictionary<CacheKey, TaskCompletionSource> waits = [];

    /// <summary>Completes when the key's computation is said to have ended. Ask before looking, so that no word is missed.</summary>
    public Task NextAsync(CacheKey key)
    {
        lock (gate)
        {
            if (!waits.TryGetValue(key, out var wait))
            {
                waits[key] = wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return wait.Task;
        }
    }

    public void Finished(CacheKey key)
    {
        lock (gate)
        {
            if (waits.Remove(key, out var wait))
            {
                wait.TrySetResult();
            }
        }
    }
}
