using Platform.Caching.Changes;
using Platform.Caching.Entries;
using Platform.Caching.Flights;

namespace Platform.Caching.Sharing;

/// <summary>The right to write one key, and the generation that was seen when it was granted.</summary>
internal sealed record SharedLease(string Token, string Generation);

/// <summary>What came of asking the shared tier: an entry, or the lease to make one, or neither, which means to make one for this replica alone.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Remaining">Life that is left of it.</param>
/// <param name="Lease">The lease.</param>
internal readonly record struct SharedAnswer<TValue>(CacheEntry<TValue>? Entry, TimeSpan Remaining, SharedLease? Lease)
    where TValue : class;

/// <summary>
/// One computation over all replicas: whoever finds no entry asks for the lease of the key; those who do not get it wait for word
/// that it was given back, look again, and take it over when its holder gives no sign of life.
/// </summary>
internal sealed class SharedFlow<TValue>(ISharedTier tier, ICacheFormat<TValue> format, TierGuard guard, BackgroundWork background, Func<CacheOptions> options, TimeProvider clock)
    where TValue : class
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private readonly MonotonicClock time = new(clock);
    private readonly SharedWaits waits = new();
    private volatile bool isSuspended;

    /// <summary>True while what the tier holds cannot be trusted: changes may not have reached it.</summary>
    public bool IsSuspended
    {
        get => isSuspended;
        set => isSuspended = value;
    }

    public void Finished(CacheKey key) => waits.Finished(key);

    /// <param name="renew">An entry that is there already is not wanted.</param>
    public async Task<SharedAnswer<TValue>> AskAsync(CacheKey key, bool renew, CancellationToken cancellationToken)
    {
        var settings = options();
        var deadline = time.Now + (long)settings.LeaseWait.TotalMilliseconds;
        var token = Guid.NewGuid().ToString("n");
        var told = false;
        for (var look = 0; ; look++)
        {
            if (isSuspended || !tier.IsConnected)
            {
                guard.Count("read", "skipped");
                return default;
            }

            var finished = waits.NextAsync(key);
            var (read, reading) = await TryReadAsync(key, token, settings, cancellationToken);
            if (!read)
            {
                return default;
            }

            var (entry, remaining) = Judge(key, reading);
            if (entry is not null && (!renew || look > 0))
            {
                return new SharedAnswer<TValue>(entry, remaining, null);
            }

            var seen = reading.Bytes is { } bytes ? bytes.AsMemory(Math.Max(0, bytes.Length - EntryEnvelope.ChecksumBytes)) : default;
            var (asked, answer) = reading.Lease is { } given ? (true, given) : await TryAcquireAsync(key, token, seen, settings, cancellationToken);
            if (!asked || time.Now >= deadline || (told && answer.State == LeaseState.Taken))
            {
                // Whoever had the lease ended without an entry, or takes too long: waiting for the next one too would only add up.
                guard.Count("lease", "alone");
                return answer.State == LeaseState.Granted && asked ? Granted(token, reading) : default;
            }

            switch (answer.State)
            {
                case LeaseState.Granted:
                    guard.Count("lease", "granted");
                    return Granted(token, reading);
                case LeaseState.Taken:
                    guard.Count("lease", "waited");
                    told = await WaitAsync(finished, answer.Remaining, deadline, cancellationToken);
                    break;
                case LeaseState.EntryChanged:
                    break;
            }
        }
    }

    /// <summary>Keeps a lease alive until the token ends.</summary>
    public async Task HoldAsync(CacheKey key, SharedLease lease, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var duration = options().LeaseDuration;
                await Task.Delay(duration / 3, clock, cancellationToken);
                await guard.TryAsync("renew", options().RedisTimeout, _ => tier.RenewAsync(key, lease.Token, duration), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            guard.Count("renew", "ended");
        }
    }

    /// <returns>False when the entry is outdated already; what happened to Redis otherwise is no reason to distrust it.</returns>
    public async Task<bool> WriteAsync(CacheKey key, SharedLease lease, CacheEntry<TValue> entry, TimeSpan life)
    {
        var snapshot = entry.Snapshot?.Shortened(byte.MaxValue) ?? "";
        var header = new EntryHeader(format.SchemaVersion, entry.Value is null, snapshot, life, entry.Age, lease.Generation, entry.DataVersion);
        var bytes = EntryEnvelope.Write(key, header, entry.Value is null ? [] : format.Write(entry.Value));
        var (done, outcome) = await guard.TryAsync(
            "write", options().RedisTimeout, _ => tier.WriteAsync(key, lease.Token, lease.Generation, snapshot, bytes, life), CancellationToken.None);
        if (!done)
        {
            background.Add(ReleaseAsync(key, lease));
            return true;
        }

        guard.Count("write", outcome == SharedWrite.Done ? "ok" : "refused");
        return outcome == SharedWrite.Done;
    }

    /// <summary>Gives a lease back, if it is still held. Past the breaker, and without a word when it fails: whoever waits for it would wait until its end.</summary>
    public async Task ReleaseAsync(CacheKey key, SharedLease lease)
    {
        if (tier.IsConnected)
        {
            await QuietlyAsync(tier.ReleaseAsync(key, lease.Token), options().RedisTimeout);
        }
    }

    /// <summary>The entry that counted last, whatever its generation, or null.</summary>
    public async Task<CacheEntry<TValue>?> FindLastKnownAsync(CacheKey key, CancellationToken cancellationToken)
    {
        if (!tier.IsConnected)
        {
            return null;
        }

        var (done, bytes) = await guard.TryAsync("read", options().RedisTimeout, _ => tier.ReadLastKnownAsync(key, options().MaximumEntryBytes), cancellationToken);

        // How long it has been there is not known, but no longer than its life.
        return done && bytes is not null && TryOpen(key, bytes, out var header, out var value) && value is not null
            ? new CacheEntry<TValue>(value, header.DataVersion, null, header.Age + header.Life)
            : null;
    }

    /// <returns>False when the tier could not be told.</returns>
    public async Task<bool> InvalidateAsync(CacheKey key, long? position, CancellationToken cancellationToken)
    {
        if (!tier.IsConnected)
        {
            guard.Count("invalidate", "skipped");
            return false;
        }

        var (done, _) = await guard.TryAsync("invalidate", options().RedisTimeout, _ => tier.InvalidateAsync(key, position), cancellationToken);
        if (done)
        {
            guard.Count("invalidate", "ok");
        }

        return done;
    }

    /// <returns>Whether the tier answered, and the snapshot up to which it has been told of changes.</returns>
    public async Task<(bool Answered, string? Snapshot)> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        tier.IsConnected ? await guard.TryAsync("follow", options().RedisTimeout, _ => tier.ReadSnapshotAsync(), cancellationToken) : (false, null);

    public async Task<bool> WriteSnapshotAsync(string snapshot, TimeSpan life, CancellationToken cancellationToken) =>
        tier.IsConnected && (await guard.TryAsync("follow", options().RedisTimeout, _ => tier.WriteSnapshotAsync(snapshot, life), cancellationToken)).Done;

    /// <summary>Looks for the entry and, where there is none, asks for the lease in the same step.</summary>
    private Task<(bool Read, SharedReading Reading)> TryReadAsync(CacheKey key, string token, CacheOptions settings, CancellationToken cancellationToken) => AskedAsync(
        "read", key, token, settings, () => tier.ReadAsync(key, settings.MaximumEntryBytes, new LeaseRequest(token, settings.LeaseDuration)), reading => reading.Lease, cancellationToken);

    private Task<(bool Asked, LeaseAnswer Answer)> TryAcquireAsync(CacheKey key, string token, ReadOnlyMemory<byte> seen, CacheOptions settings, CancellationToken cancellationToken) => AskedAsync(
        "lease", key, token, settings, () => tier.AcquireAsync(key, token, settings.LeaseDuration, seen), answer => answer, cancellationToken);

    private async Task<(bool Done, T Value)> AskedAsync<T>(
        string operation, CacheKey key, string token, CacheOptions settings, Func<Task<T>> ask, Func<T, LeaseAnswer?> leaseIn, CancellationToken cancellationToken)
        where T : struct
    {
        Task<T>? asking = null;
        var isAnswered = false;
        try
        {
            (isAnswered, var answer) = await guard.TryAsync(operation, settings.RedisTimeout, _ => asking = ask(), cancellationToken);
            return (isAnswered, answer);
        }
        finally
        {
            if (!isAnswered && asking is not null)
            {
                background.Add(GiveBackAsync(key, token, asking, leaseIn, settings.LeaseDuration));
            }
        }
    }

    // The answer that nobody waited for may be that the lease was granted: without this all others would wait for its end.
    private async Task GiveBackAsync<T>(CacheKey key, string token, Task<T> asking, Func<T, LeaseAnswer?> leaseIn, TimeSpan leaseDuration)
    {
        await QuietlyAsync(asking, leaseDuration);
        if (asking.IsCompletedSuccessfully && leaseIn(await asking)?.State == LeaseState.Granted)
        {
            guard.Count("lease", "late");
            await ReleaseAsync(key, new SharedLease(token, ""));
        }
    }

    private async Task QuietlyAsync(Task work, TimeSpan limit) => await work.WaitAsync(limit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static SharedAnswer<TValue> Granted(string token, SharedReading reading) => new(null, TimeSpan.Zero, new SharedLease(token, reading.Generation));

    private (CacheEntry<TValue>? Entry, TimeSpan Remaining) Judge(CacheKey key, SharedReading reading)
    {
        if (reading.State == SharedState.Absent)
        {
            guard.Count("read", "miss");
            return default;
        }

        if (reading.State == SharedState.Unreadable || !TryOpen(key, reading.Bytes, out var header, out var value) || reading.Remaining > header.Life)
        {
            guard.Count("read", "corrupt");
            return default;
        }

        if (!TryParse(header.Snapshot, out var snapshot))
        {
            guard.Count("read", "corrupt");
            return default;
        }

        var age = header.Age + header.Life - reading.Remaining;
        if (header.Generation != reading.Generation || reading.Remaining <= TimeSpan.Zero || age > options().Freshness)
        {
            guard.Count("read", "stale");
            return default;
        }

        guard.Count("read", "hit");
        return (new CacheEntry<TValue>(value, header.DataVersion, snapshot, age), reading.Remaining);
    }

    private bool TryOpen(CacheKey key, byte[]? bytes, out EntryHeader header, out TValue? value)
    {
        value = null;
        header = default;
        if (bytes is null || !EntryEnvelope.TryRead(key, format.SchemaVersion, bytes, out header, out var payload))
        {
            return false;
        }

        if (header.IsAbsent)
        {
            return true;
        }

        try
        {
            value = format.Read(payload);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryParse(string text, out DataSnapshot? snapshot)
    {
        snapshot = null;
        try
        {
            snapshot = text.Length == 0 ? null : DataSnapshot.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private async Task<bool> WaitAsync(Task finished, TimeSpan leaseRemaining, long deadline, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(Math.Min(leaseRemaining.TotalMilliseconds, deadline - time.Now) + 5, 5, LongestPause.TotalMilliseconds));
        try
        {
            await finished.WaitAsync(pause, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
