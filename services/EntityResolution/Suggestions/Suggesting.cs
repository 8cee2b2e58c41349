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
        if (NameText.Tokenize(prefix).Count == 0)
        {
            return [];
        }

        var names = view.Snapshot ?? await ReadAsync(organization, prefix.Trim(), limit, cancellationToken);
        return [.. names.Complete(prefix, limit).Select(found => Candidate(found.Customer, found.Kind))];
    }

    /// <summary>While there is no snapshot: the names that the database finds, to be put in order as those in memory are.</summary>
    private async Task<RegistrySnapshot> ReadAsync(string organization, string prefix, int limit, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(settings.DatabaseTimeout);
        return RegistrySnapshot.Of(await store.SuggestAsync(organization, prefix, limit, settings.WordSimilarityThreshold, wait.Token));
    }

    private static FoundCandidate Candidate(RegisteredCustomer customer, CompletionKind kind)
    {
        var (confidence, how) = kind switch
        {
            CompletionKind.Same => (1, "same name"),
            CompletionKind.NameBegins => (0.9, "begins so"),
            CompletionKind.WordBegins => (0.8, "a word begins so"),
            CompletionKind.Inside => (0.7, "a word holds it"),
            _ => (0.6, "spelt alike"),
        };
        return new FoundCandidate(ExactSpans.Entity(customer), kind == CompletionKind.Same ? MatchKind.Exact : MatchKind.Fuzzy, confidence, [how]);
    }
}
