using Microsoft.Extensions.Options;
using Platform.EntityResolution.Index;
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
        foreach (var (customer, kind) in view.Names.Complete(prefix, limit))
        {
            var (confidence, how) = kind switch
            {
                CompletionKind.Same => (1, "same name"),
                CompletionKind.NameBegins => (0.9, "begins so"),
                CompletionKind.WordBegins => (0.8, "a word begins so"),
                CompletionKind.Inside => (0.7, "a word holds it"),
                _ => (0.6, "spelt alike"),
            };
            found.Add(new FoundCandidate(ExactSpans.Entity(customer), kind == CompletionKind.Same ? MatchKind.Exact : MatchKind.Fuzzy, confidence, [how]));
        }

        if (view.Snapshot is not null)
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
}
