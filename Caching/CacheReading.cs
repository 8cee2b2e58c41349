using Platform.Caching.Changes;

namespace Platform.Caching;

/// <summary>Where a reading came from.</summary>
public enum CacheLevel
{
    Memory,
    Shared,
    Durable,
    Computed,
}

/// <summary>What the cache says about a key.</summary>
/// <param name="Value">Shared by all readers and never to be changed; null: it is known that there is none.</param>
/// <param name="Level">The tier that had it.</param>
/// <param name="IsStale">True when it may be older than promised: the last known value because nothing better can be had.</param>
public readonly record struct CacheReading<TValue>(TValue? Value, CacheLevel Level, bool IsStale)
    where TValue : class
{
    /// <summary>False when a value that was asked for anew is shown only: it is incomplete, or the durable tier did not take it.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>A value with what is needed to judge it later.</summary>
/// <param name="Value">Null: it is known that there is none.</param>
/// <param name="DataVersion">Version of the data that it was made from.</param>
/// <param name="Snapshot">State that the data were read in: says which changes it contains; null: not known.</param>
/// <param name="Age">Time since the data were read.</param>
public sealed record CacheEntry<TValue>(TValue? Value, string DataVersion, DataSnapshot? Snapshot, TimeSpan Age)
    where TValue : class;

/// <summary>What a source made.</summary>
/// <param name="Entry">The value.</param>
/// <param name="IsComplete">False: to be shown, not to be kept.</param>
public sealed record SourceResult<TValue>(CacheEntry<TValue> Entry, bool IsComplete)
    where TValue : class;

/// <summary>Makes what the cache does not have.</summary>
public interface ICacheSource<TValue>
    where TValue : class
{
    /// <exception cref="SourceUnavailableException">What it needs cannot be read; the cache then serves the last known value.</exception>
    Task<SourceResult<TValue>> ComputeAsync(CacheKey key, CancellationToken cancellationToken);
}

/// <summary>The value as bytes.</summary>
public interface ICacheFormat<TValue>
    where TValue : class
{
    /// <summary>Raised when the meaning of the bytes changes; entries of another version are dropped. 1 to 65,535.</summary>
    int SchemaVersion { get; }

    byte[] Write(TValue value);

    /// <exception cref="FormatException">These bytes are no value.</exception>
    TValue Read(ReadOnlySpan<byte> bytes);
}

/// <summary>The data behind a cache cannot be read, and nothing is known from before.</summary>
public sealed class SourceUnavailableException(string message, Exception? cause) : Exception(message, cause);
