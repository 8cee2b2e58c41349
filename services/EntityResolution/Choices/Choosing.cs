using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Choices;

/// <summary>Settles a disambiguation and remembers it as an alias of the organization.</summary>
internal sealed class Choosing(AliasStore aliases, RegistryCache registry, EntityResolutionMetrics metrics, TimeProvider time)
{
    /// <summary>The entity that the answer picks and the alias that was stored; null when the answer picks none.</summary>
    public async Task<(EntityKey Entity, StoredAlias? Alias)?> ChooseAsync(
        string organization, string user, string answer, string mention, IReadOnlyList<EntityKey> offered, bool remember, CancellationToken cancellationToken)
    {
        if (ChoiceReader.Read(answer, offered) is not { } index)
        {
            return null;
        }

        var entity = offered[index];
        var key = NameText.Normalize(mention).Key;
        StoredAlias? stored = null;
        // The mention may be the name that two customers share: an alias would then hide the other one.
        if (remember && key.Length >= 2 && offered.Count(e => NameText.Normalize(e.Name).Key == key) == 0)
        {
            stored = await aliases.AddAsync(organization, mention.Trim(), key, entity.Type, entity.Id, entity.Name, "choice", user, time.GetUtcNow(), cancellationToken);
            if (stored is not null)
            {
                registry.Apply(organization, s => s.With(new RegisteredAlias(stored.Id, stored.Key, stored.EntityType, stored.EntityId)));
            }
        }

        metrics.Chosen();
        return (entity, stored);
    }
}
