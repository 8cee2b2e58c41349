using Microsoft.Extensions.Options;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Choices;

/// <summary>Settles a disambiguation and remembers it as an alias of the organization.</summary>
internal sealed class Choosing(Aliasing aliasing, RegistryStore store, IOptionsMonitor<ResolutionOptions> options, EntityResolutionMetrics metrics)
{
    /// <summary>The entity that the answer picks and the alias that was stored; null when the answer picks none.</summary>
    public async Task<(EntityKey Entity, StoredAlias? Alias)?> ChooseAsync(
        RequestContext context, string answer, string mention, IReadOnlyList<EntityKey> offered, bool remember, CancellationToken cancellationToken)
    {
        if ((ChoiceReader.Read(answer, offered) ?? await ReadByFactsAsync(context, answer, offered, cancellationToken)) is not { } index)
        {
            return null;
        }

        var stored = remember ? await aliasing.LearnAsync(context, mention, offered[index], cancellationToken) : null;
        metrics.Chosen();
        return (offered[index], stored);
    }

    /// <summary>"the one in Berlin": what the question told of the candidates is read again.</summary>
    private async Task<int?> ReadByFactsAsync(RequestContext context, string answer, IReadOnlyList<EntityKey> offered, CancellationToken cancellationToken)
    {
        if (!FactReader.MayTell(answer))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CurrentValue.DatabaseTimeout);
        try
        {
            var ids = offered.Where(e => e.Type == "customer").Select(e => e.Id).ToArray();
            var facts = await store.ReadFactsAsync(context.OrganizationId, ids, limit.Token);
            return FactReader.Read(answer, [.. offered.Select(e => e.Type == "customer" ? facts.GetValueOrDefault(e.Id) : null)]);
        }
        catch (Exception exception) when (RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            metrics.DatabaseAway();
            return null;
        }
    }
}
