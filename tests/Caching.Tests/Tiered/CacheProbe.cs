namespace Platform.Caching.Tests.Tiered;

/// <summary>Looks at what a replica holds in memory without loading anything.</summary>
internal sealed class CacheProbe(Replica replica)
{
    /// <returns>The content that is served as current, or null.</returns>
    public async Task<string?> CurrentAsync(CacheKey key)
    {
        using var none = new CancellationTokenSource();
        await none.CancelAsync();
        try
        {
            // A hit is answered at once; anything else meets the cancelled token.
            return (await replica.Cache.GetAsync(key, none.Token)).Value?.Content;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
