using Microsoft.Extensions.Options;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Suggestions;

/// <summary>Completes a name while it is typed: names that begin so, then names with a word that begins so, then names alike.</summary>
internal sealed class Suggesting(RegistryCache registry, RegistryStore store, IOptionsMonitor<ResolutionOptions> options)
{
    public async Task<IReadOnlyList<FoundCandidate>> SuggestAsync(string organization, string prefix, int limit, CancellationToken cancellationToken)
    {
        var view = await registry.GetAsync(organization, cancellationToken);
        var settings = options.CurrentValue;
        var typed = string.Join(' ', NameText.Tokenize(prefix).Select(t => t.Text));
        if (typed.Length == 0)
        {
            return [];
        }

        var found = new List<FoundCandidate>();
        foreach (var (customer, rank) in Begins(view.Names, typed).OrderBy(b => b.Rank).ThenBy(b => b.Customer.Name.Length).ThenBy(b => b.Customer.Name, StringComparer.OrdinalIgnoreCase).Take(limit))
        {
            found.Add(new FoundCandidate(ExactSpans.Entity(customer), rank == 0 ? MatchKind.Exact : MatchKind.Fuzzy, rank switch { 0 => 1, 1 => 0.9, _ => 0.8 }, [rank switch { 0 => "same name", 1 => "begins so", _ => "a word begins so" }]));
        }

        if (found.Count >= limit || (typed.Length < 3 && view.Snapshot is not null))
        {
            return found;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(settings.DatabaseTimeout);
        try
        {
            foreach (var (id, name) in await store.SuggestAsync(organization, prefix.Trim(), limit, settings.WordSimilarityThreshold, wait.Token))
            {
                if (found.Count < limit && !found.Any(f => f.Entity.Id == id))
                {
                    var agreement = NameSimilarity.Compare(typed.Split(' '), NameText.Normalize(name).Words, view.Names.Weight);
                    if (agreement.Confidence >= 0.3)
                    {
                        found.Add(new FoundCandidate(new EntityKey("customer", id, name), MatchKind.Fuzzy, Math.Min(0.75, agreement.Confidence), agreement.Explanation));
                    }
                }
            }
        }
        catch (Exception exception) when (view.Snapshot is not null && RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The names in memory answered already; likeness is what the database adds.
        }

        return found;
    }

    private static IEnumerable<(RegisteredCustomer Customer, int Rank)> Begins(RegistrySnapshot names, string typed)
    {
        var inside = " " + typed;
        foreach (var customer in names.Customers)
        {
            var key = customer.Normalized.Key;
            if (key.StartsWith(typed, StringComparison.Ordinal))
            {
                yield return (customer, key.Length == typed.Length ? 0 : 1);
            }
            else if (key.Contains(inside, StringComparison.Ordinal))
            {
                yield return (customer, 2);
            }
        }
    }
}
