using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Patterns;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Runs the detectors for what no tier has.</summary>
internal sealed partial class PatternSource(SubjectReader subjects, DetectionRunner runner, TimeProvider clock, ILogger<PatternSource> logger) : ICacheSource<CustomerPatterns>
{
    private int running;

    /// <summary>Computations that somebody waits for at this moment.</summary>
    public int Running => Volatile.Read(ref running);

    public async Task<SourceResult<CustomerPatterns>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref running);
        try
        {
            var started = clock.GetTimestamp();
            if (await DetectAsync(PatternKey.From(key), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), [], cancellationToken) is not { } detected)
            {
                return new SourceResult<CustomerPatterns>(new CacheEntry<CustomerPatterns>(null, "", null, TimeSpan.Zero), true);
            }

            var (patterns, reading, result) = detected;
            if (result.IsLost)
            {
                throw new SourceUnavailableException("No detector could read the data", null);
            }

            var entry = new CacheEntry<CustomerPatterns>(patterns, result.DataVersion, reading.Snapshot, clock.GetElapsedTime(started));
            return new SourceResult<CustomerPatterns>(entry, result.IsComplete);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    /// <summary>Looks at the data as they were on a day.</summary>
    /// <returns>Null when there is no such customer.</returns>
    /// <exception cref="SourceUnavailableException">The data cannot be read.</exception>
    public async Task<(CustomerPatterns Patterns, SubjectReading Reading, DetectionResult Result)?> DetectAsync(
        PatternKey key, DateOnly asOf, IReadOnlyCollection<string> detectors, CancellationToken cancellationToken)
    {
        var computedAt = clock.GetUtcNow();
        try
        {
            if (await subjects.FindAsync(key, asOf, cancellationToken) is not { } reading)
            {
                return null;
            }

            var result = await runner.RunAsync(reading.Subject, detectors, cancellationToken);
            return (ToPatterns(key, reading.Subject.Name, computedAt, result), reading, result);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            Log.DataUnreadable(logger, exception);
            throw new SourceUnavailableException("The data cannot be read", exception);
        }
    }

    public static CustomerPatterns ToPatterns(PatternKey key, string name, DateTimeOffset computedAt, DetectionResult result)
    {
        var patterns = new CustomerPatterns
        {
            Customer = new EntityRef { Type = EntityType.Customer, Id = key.CustomerId, Name = name },
            ComputedAt = computedAt.ToTimestamp(),
            DataVersion = result.DataVersion,
        };
        patterns.Insights.Add(result.Insights);
        patterns.Outcomes.Add(result.Outcomes);
        return patterns;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 41, EventName = "PatternDataUnreadable", Level = LogLevel.Warning, Message = "The data behind patterns cannot be read; the last known patterns are served when there are any")]
        public static partial void DataUnreadable(ILogger logger, Exception exception);
    }
}
