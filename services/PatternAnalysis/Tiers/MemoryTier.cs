using Microsoft.Extensions.Options;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// L1: the latest patterns of recently asked customers, least recently used dropped first. An expired or invalidated entry is
/// no longer served as current, but stays as the last known one for the time when the database is away.
/// Messages that were stored are never changed.
/// </summary>
internal sealed class MemoryTier(IOptionsMonitor<TierOptions> options, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<PatternKey, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> recency = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>Current patterns, or null.</summary>
    public CustomerPatterns? Find(PatternKey key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node) || node.Value.IsInvalid || node.Value.ExpiresAt <= clock.GetUtcNow())
            {
                return null;
            }

            Touch(node);
            return node.Value.Patterns;
        }
    }

    /// <summary>Patterns of any age, or null.</summary>
    public CustomerPatterns? FindLastKnown(PatternKey key)
    {
        lock (gate)
        {
            return entries.TryGetValue(key, out var node) ? node.Value.Patterns : null;
        }
    }

    public void Store(PatternKey key, CustomerPatterns patterns, DateTimeOffset expiresAt)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var old))
            {
                recency.Remove(old);
            }

            entries[key] = recency.AddFirst(new Entry(key, patterns, expiresAt));
            while (entries.Count > options.CurrentValue.MemoryEntries)
            {
                entries.Remove(recency.Last!.Value.Key);
                recency.RemoveLast();
            }
        }
    }

    /// <summary>Entries are no longer current. No customer: all of the organization; no organization: all.</summary>
    public int Invalidate(string? organizationId, string? customerId)
    {
        lock (gate)
        {
            var found = 0;
            if (organizationId is not null && customerId is not null)
            {
                if (entries.TryGetValue(new PatternKey(organizationId, customerId), out var node) && !node.Value.IsInvalid)
                {
                    node.Value.IsInvalid = true;
                    found = 1;
                }

                return found;
            }

            foreach (var entry in recency)
            {
                if (!entry.IsInvalid && (organizationId is null || entry.Key.OrganizationId == organizationId))
                {
                    entry.IsInvalid = true;
                    found++;
                }
            }

            return found;
        }
    }

    private void Touch(LinkedListNode<Entry> node)
    {
        if (node != recency.First)
        {
            recency.Remove(node);
            recency.AddFirst(node);
        }
    }

    private sealed class Entry(PatternKey key, CustomerPatterns patterns, DateTimeOffset expiresAt)
    {
        public PatternKey Key { get; } = key;

        public CustomerPatterns Patterns { get; } = patterns;

        public DateTimeOffset ExpiresAt { get; } = expiresAt;

        public bool IsInvalid { get; set; }
    }
}
