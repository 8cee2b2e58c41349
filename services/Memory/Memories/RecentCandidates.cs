using Microsoft.Extensions.Caching.Memory;

namespace Platform.Memory.Memories;

/// <summary>
/// What was read a moment ago for the very same query. Other replicas' changes are seen when it ends; this replica's at once, because each makes
/// all that was read before it, and what is being read meanwhile, count no more.
/// </summary>
internal sealed class RecentCandidates(TimeProvider time) : IDisposable
{
    /// <summary>As soon as a change of the data is seen everywhere (C5).</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    // Characters of text; as objects they take about three times that.
    private const long MostCharacters = 4 * 1024 * 1024;

    // What a memory holds besides its text.
    private const int CharactersOfMemory = 512;

    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = MostCharacters });
    private long _generation;

    /// <summary>The candidates of the query, from a moment ago or read now.</summary>
    public async Task<IReadOnlyList<StoredMemory>> GetAsync(
        string organization, MemoryQuery query, IReadOnlyList<string> words, int perReason, DateTimeOffset now, Func<Task<List<StoredMemory>>> read)
    {
        // Interactions are recorded with every answer, and not through here.
        if (query.FindsInteractions)
        {
            return await read();
        }

        var key = new Key(organization, query.Collection, query.UserId, query.EntitiesOnly, perReason, Joined(query.Kinds), Joined(query.Entities.Select(entity => entity.Link)), Joined(words));
        var generation = Volatile.Read(ref _generation);
        if (_recent.TryGetValue(key, out Reading? reading) && reading!.Generation == generation && time.GetElapsedTime(reading.Began) < Kept && !reading.HasEnded(now))
        {
            return reading.Candidates;
        }

        var began = time.GetTimestamp();
        var candidates = await read();
        using var entry = _recent.CreateEntry(key);
        entry.Value = new Reading(candidates, generation, began);
        entry.Size = CharactersOfMemory + candidates.Sum(memory => memory.Text.Length + memory.MetadataJson.Length + CharactersOfMemory);
        entry.AbsoluteExpirationRelativeToNow = Kept;
        return candidates;
    }

    /// <summary>Memories were stored or removed.</summary>
    public void Forget() => Interlocked.Increment(ref _generation);

    public void Dispose() => _recent.Dispose();

    // With lengths, so that no two lists give the same text.
    private static string Joined(IEnumerable<string> texts) => string.Concat(texts.Select(text => $"{text.Length}:{text}"));

    private readonly record struct Key(string Organization, string Collection, string? UserId, bool EntitiesOnly, int PerReason, string Kinds, string Links, string Words);

    /// <param name="Candidates">Shared by all who ask.</param>
    /// <param name="Generation">Of before they were read.</param>
    /// <param name="Began">When reading began.</param>
    private sealed record Reading(IReadOnlyList<StoredMemory> Candidates, long Generation, long Began)
    {
        // One whose time is over made way for another in the database.
        public bool HasEnded(DateTimeOffset now) => Candidates.Any(memory => memory.ExpiresAt <= now);
    }
}
