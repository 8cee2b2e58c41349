using Microsoft.Extensions.Options;

namespace Platform.Memory.Memories;

/// <summary>Finds and ranks memories. No encoder is configured yet, so agreement with the query is agreement in words.</summary>
internal sealed class Remembering(MemoryStore store, IOptionsMonitor<MemoryOptions> options, MemoryMetrics metrics, TimeProvider time)
{
    public const string Encoder = "none";

    private const int MostWords = 32;

    public async Task<IReadOnlyList<ScoredStoredMemory>> RetrieveAsync(string organization, MemoryQuery query, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var settings = options.CurrentValue;
        var now = time.GetUtcNow();
        var words = Words(query.Text).Distinct(StringComparer.Ordinal).Take(MostWords).ToList();
        var candidates = await store.FindCandidatesAsync(organization, query, words, settings.CandidatesPerReason, now, cancellationToken);
        var ranked = candidates
            .Select(memory => Score(memory, query, words, now, settings))
            .OrderByDescending(scored => scored.Score)
            .ThenByDescending(scored => scored.Memory.Importance)
            .ThenByDescending(scored => scored.Memory.CreatedAt)
            .Take(query.Limit)
            .ToList();
        metrics.Retrieved(time.GetElapsedTime(started));
        return ranked;
    }

    internal static ScoredStoredMemory Score(StoredMemory memory, MemoryQuery query, IReadOnlyList<string> words, DateTimeOffset now, MemoryOptions settings)
    {
        var links = memory.Entities.Select(e => e.Link).ToHashSet(StringComparer.Ordinal);
        var entity = query.Entities.Count == 0 ? 0 : (double)query.Entities.Count(e => links.Contains(e.Link)) / query.Entities.Count;
        var age = now - memory.CreatedAt;
        var recency = age <= TimeSpan.Zero ? 1 : Math.Pow(0.5, age / settings.RecencyHalfLife);
        var meaning = SharedWords(words, memory.Text);

        // Only what was asked for counts, so that a full agreement is 1 whatever was asked.
        var entityWeight = query.Entities.Count > 0 ? settings.EntityWeight : 0;
        var meaningWeight = words.Count > 0 ? settings.MeaningWeight : 0;
        var total = entityWeight + meaningWeight + settings.RecencyWeight;
        var score = total == 0 ? 0 : (entity * entityWeight + meaning * meaningWeight + recency * settings.RecencyWeight) / total;
        return new ScoredStoredMemory(memory, score, entity, recency, meaning);
    }

    /// <summary>Share of the query's words that the text holds; longer words count more, because short ones hold less meaning.</summary>
    internal static double SharedWords(IReadOnlyList<string> words, string text)
    {
        if (words.Count == 0)
        {
            return 0;
        }

        var held = Words(text).ToHashSet(StringComparer.Ordinal);
        double total = words.Sum(w => w.Length);
        return words.Where(held.Contains).Sum(w => w.Length) / total;
    }

    /// <summary>Runs of letters and digits in lower case, of three characters and more.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                if (i - start is >= 3 and <= 64)
                {
                    yield return text[start..i].ToLowerInvariant();
                }

                start = -1;
            }
        }
    }
}
