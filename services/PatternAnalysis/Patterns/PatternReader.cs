using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Patterns of one customer and where they came from. The message is shared with other readers: it is not to be changed.</summary>
internal sealed record PatternReading(CustomerPatterns Patterns, CacheTier Tier, bool IsStale);

/// <summary>
/// The read path: memory, Redis, app.customer_patterns, detectors; what a lower tier had is written to the ones above. One
/// computation serves any number of concurrent callers. When the data cannot be read, the last known patterns are returned as stale.
/// </summary>
internal sealed partial class PatternReader(
    MemoryTier memory, RedisTier redis, DatabaseTier database, SubjectReader subjects, DetectionRunner runner, IOptionsMonitor<TierOptions> options, PatternMetrics metrics,
    TimeProvider clock, ILogger<PatternReader> logger)
{
    private readonly SingleFlight<PatternKey, PatternReading> flights = new();
    private readonly Lock gate = new();
    private readonly HashSet<Task> writes = [];

    /// <exception cref="UnknownCustomerException">There is no such customer.</exception>
    /// <exception cref="PatternsUnavailableException">The data cannot be read and nothing is known from before.</exception>
    public async Task<PatternReading> GetAsync(PatternKey key, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        PatternReading reading;
        if (memory.Find(key) is { } kept)
        {
            metrics.Cache("memory", "read", "hit");
            reading = new PatternReading(kept, CacheTier.Memory, false);
        }
        else
        {
            metrics.Cache("memory", "read", "miss");
            reading = await flights.RunAsync(key, (flight, token) => LoadAsync(key, flight, token), cancellationToken);
        }

        metrics.Read(reading.Tier, reading.IsStale, clock.GetElapsedTime(started));
        return reading;
    }

    /// <summary>Looks anew, past every tier, and keeps the result. Used to refresh.</summary>
    public Task<PatternReading> RefreshAsync(PatternKey key, CancellationToken cancellationToken) =>
        flights.RunAsync(key, (flight, token) => ComputeAsync(key, flight, token), cancellationToken);

    /// <summary>Looks at the data as they were on a day; nothing is kept.</summary>
    public async Task<PatternReading> ComputeAsOfAsync(PatternKey key, DateOnly asOf, IReadOnlyCollection<string> detectors, CancellationToken cancellationToken)
    {
        try
        {
            var (patterns, _) = await DetectAsync(key, asOf, detectors, cancellationToken);
            return new PatternReading(patterns, CacheTier.Computed, false);
        }
        catch (Exception exception) when (IsDatabaseAway(exception))
        {
            throw new PatternsUnavailableException(exception);
        }
    }

    /// <summary>Computations that have begun for these customers are not kept.</summary>
    public void Outdate(Func<PatternKey, bool> matches) => flights.Outdate(matches);

    /// <summary>Completes when the writes to the lower tiers that are under way have ended.</summary>
    public Task PendingWritesAsync()
    {
        lock (gate)
        {
            return Task.WhenAll(writes);
        }
    }

    private async Task<PatternReading> LoadAsync(PatternKey key, SingleFlight<PatternKey, PatternReading>.Flight flight, CancellationToken cancellationToken)
    {
        if (await redis.FindAsync(key, cancellationToken) is { } shared)
        {
            Keep(key, flight, shared, CacheTier.Redis);
            return new PatternReading(shared, CacheTier.Redis, false);
        }

        var (readable, stored) = await database.FindAsync(key, cancellationToken);
        if (stored is not null)
        {
            Keep(key, flight, stored, CacheTier.Postgres);
            return new PatternReading(stored, CacheTier.Postgres, false);
        }

        // With a database in trouble an old answer now is worth more than a new one that will hardly come.
        if (!readable && await FindLastKnownAsync(key, cancellationToken) is { } known)
        {
            return known;
        }

        return await ComputeAsync(key, flight, cancellationToken);
    }

    private async Task<PatternReading> ComputeAsync(PatternKey key, SingleFlight<PatternKey, PatternReading>.Flight flight, CancellationToken cancellationToken)
    {
        try
        {
            var (patterns, result) = await DetectAsync(key, Today(), [], cancellationToken);
            if (result.IsLost && await FindLastKnownAsync(key, cancellationToken) is { } known)
            {
                return known;
            }

            if (result.IsComplete)
            {
                Keep(key, flight, patterns, CacheTier.Computed);
            }

            return new PatternReading(patterns, CacheTier.Computed, false);
        }
        catch (Exception exception) when (IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            Log.DataUnreadable(logger, exception);
            return await FindLastKnownAsync(key, cancellationToken) ?? throw new PatternsUnavailableException(exception);
        }
    }

    private async Task<(CustomerPatterns Patterns, DetectionResult Result)> DetectAsync(PatternKey key, DateOnly asOf, IReadOnlyCollection<string> detectors, CancellationToken cancellationToken)
    {
        // The moment before the data are read: a change after it makes the result old. PostgreSQL keeps microseconds, the marks in Redis milliseconds.
        var computedAt = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (subject, version) = await subjects.FindAsync(key, asOf, cancellationToken) ?? throw new UnknownCustomerException(key.CustomerId);
        var result = await runner.RunAsync(subject, version, detectors, cancellationToken);
        var patterns = new CustomerPatterns
        {
            Customer = new EntityRef { Type = EntityType.Customer, Id = key.CustomerId, Name = subject.Name },
            ComputedAt = computedAt.ToTimestamp(),
            DataVersion = version,
        };
        patterns.Insights.Add(result.Insights);
        patterns.Outcomes.Add(result.Outcomes);
        return (patterns, result);
    }

    private void Keep(PatternKey key, SingleFlight<PatternKey, PatternReading>.Flight flight, CustomerPatterns patterns, CacheTier from)
    {
        if (flight.IsOutdated)
        {
            return;
        }

        var settings = options.CurrentValue;
        var expiresAt = patterns.ComputedAt.ToDateTimeOffset() + (settings.Freshness * (1 - (settings.ExpiryJitter * Random.Shared.NextDouble())));
        memory.Store(key, patterns, expiresAt);

        // Invalidated between the check and the store: what was stored must not count.
        if (flight.IsOutdated)
        {
            memory.Invalidate(key.OrganizationId, key.CustomerId);
            return;
        }

        if (from != CacheTier.Redis)
        {
            Track(WriteAsync(key, patterns, expiresAt, from));
        }
    }

    // Each write has its own limit; no caller waits for it.
    private async Task WriteAsync(PatternKey key, CustomerPatterns patterns, DateTimeOffset expiresAt, CacheTier from)
    {
        await redis.StoreAsync(key, patterns, expiresAt, CancellationToken.None);
        if (from == CacheTier.Computed)
        {
            await database.StoreAsync(key, patterns, CancellationToken.None);
        }
    }

    private void Track(Task write)
    {
        lock (gate)
        {
            writes.Add(write);
        }

        _ = write.ContinueWith(
            done =>
            {
                lock (gate)
                {
                    writes.Remove(done);
                }

                if (done.Exception is { } exception)
                {
                    Log.WriteFailed(logger, exception);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task<PatternReading?> FindLastKnownAsync(PatternKey key, CancellationToken cancellationToken)
    {
        if (memory.FindLastKnown(key) is { } kept)
        {
            metrics.Cache("memory", "read", "stale");
            return new PatternReading(kept, CacheTier.Memory, true);
        }

        if (await redis.FindLastKnownAsync(key, cancellationToken) is { } shared)
        {
            metrics.Cache("redis", "read", "stale");
            return new PatternReading(shared, CacheTier.Redis, true);
        }

        return null;
    }

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private static bool IsDatabaseAway(Exception exception) => exception is NpgsqlException or TimeoutException;

    private static partial class Log
    {
        [LoggerMessage(EventId = 41, EventName = "PatternDataUnreadable", Level = LogLevel.Warning, Message = "The data behind patterns cannot be read; the last known patterns are served when there are any")]
        public static partial void DataUnreadable(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 42, EventName = "PatternWriteFailed", Level = LogLevel.Error, Message = "Patterns could not be written to the lower tiers")]
        public static partial void WriteFailed(ILogger logger, Exception exception);
    }
}

/// <summary>There is no such customer in the organization.</summary>
internal sealed class UnknownCustomerException(string customerId) : Exception($"There is no customer \"{customerId}\"")
{
    public string CustomerId { get; } = customerId;
}

/// <summary>The data cannot be read and no earlier patterns are known.</summary>
internal sealed class PatternsUnavailableException(Exception cause) : Exception("The data cannot be read and no earlier patterns are known", cause);
