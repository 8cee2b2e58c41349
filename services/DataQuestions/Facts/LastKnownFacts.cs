using Microsoft.Extensions.Options;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts;

/// <summary>The facts last read for each entity, least recently used dropped first, for the time when the database is away.</summary>
internal sealed class LastKnownFacts(IOptionsMonitor<FactsOptions> options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, EntityFacts Facts)>> entries = [];
    private readonly LinkedList<(Key Key, EntityFacts Facts)> recency = [];

    public void Store(Key key, EntityFacts facts)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var old))
            {
                recency.Remove(old);
            }

            entries[key] = recency.AddFirst((key, facts.Clone()));
            while (entries.Count > options.CurrentValue.LastKnownEntries)
            {
                entries.Remove(recency.Last!.Value.Key);
                recency.RemoveLast();
            }
        }
    }

    /// <summary>A copy marked as stale, or null.</summary>
    public EntityFacts? Find(Key key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node))
            {
                return null;
            }

            recency.Remove(node);
            recency.AddFirst(node);
            var facts = node.Value.Facts.Clone();
            facts.Stale = true;
            return facts;
        }
    }

    /// <summary>Kinds is the list of names asked for, as text. As-of is null when the request says "today".</summary>
    internal readonly record struct Key(string Organization, FactScope Scope, string EntityId, string Kinds, DateOnly? AsOf);
}
