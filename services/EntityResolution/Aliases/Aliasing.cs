using Grpc.Core;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Aliases;

/// <summary>Makes, changes and removes aliases; what this instance answers follows at once, the others hear of it.</summary>
internal sealed class Aliasing(AliasStore aliases, RegistryStore store, RegistryCache registry, TimeProvider time)
{
    public async Task<StoredAlias> CreateAsync(RequestContext context, string alias, EntityKey entity, CancellationToken cancellationToken)
    {
        var wish = await WishAsync(context, alias, entity, cancellationToken);
        return Seen(context, await aliases.AddAsync(context.OrganizationId, wish, cancellationToken) ?? throw Taken(wish.Alias));
    }

    /// <param name="context">Who changes it.</param>
    /// <param name="id">Which.</param>
    /// <param name="alias">What is said from now on; empty for what was said before.</param>
    /// <param name="entity">What is meant from now on; null for what was meant before.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<StoredAlias> ChangeAsync(RequestContext context, Guid id, string alias, EntityKey? entity, CancellationToken cancellationToken)
    {
        var old = await FindAsync(context, id, cancellationToken);
        var wish = await WishAsync(
            context, string.IsNullOrWhiteSpace(alias) ? old.Alias : alias, entity ?? new EntityKey(old.EntityType, old.EntityId, old.EntityName), cancellationToken);
        var changed = await aliases.ChangeAsync(context.OrganizationId, id, wish, cancellationToken) ?? throw Taken(wish.Alias);
        registry.Apply(context.OrganizationId, names => names.WithoutAlias(id));
        return Seen(context, changed);
    }

    public async Task<StoredAlias> FindAsync(RequestContext context, Guid id, CancellationToken cancellationToken) =>
        await aliases.FindAsync(context.OrganizationId, id, cancellationToken) ?? throw RpcErrors.NotFound("alias", id.ToString());

    public async Task<bool> DeleteAsync(RequestContext context, Guid id, CancellationToken cancellationToken)
    {
        var deleted = await aliases.DeleteAsync(context.OrganizationId, id, cancellationToken);
        registry.Apply(context.OrganizationId, names => names.WithoutAlias(id));
        return deleted;
    }

    /// <summary>Stores what a user chose among the offered; null when an alias that someone made by hand stands against it.</summary>
    public async Task<StoredAlias?> LearnAsync(RequestContext context, string mention, EntityKey entity, CancellationToken cancellationToken)
    {
        var key = NameText.Normalize(mention).Key;
        if (key.Length < 2)
        {
            return null;
        }

        var wish = new AliasWish(mention.Trim(), key, entity.Type, entity.Id, "choice", context.UserId, time.GetUtcNow(), context.RequestId);
        return await aliases.AddAsync(context.OrganizationId, wish, cancellationToken) is { } stored ? Seen(context, stored) : null;
    }

    private async Task<AliasWish> WishAsync(RequestContext context, string alias, EntityKey entity, CancellationToken cancellationToken)
    {
        var key = NameText.Normalize(alias).Key;
        if (key.Length < 2)
        {
            throw RpcErrors.InvalidArgument("alias", "needs at least two letters or digits");
        }

        if (await store.FindNameAsync(context.OrganizationId, entity.Type, entity.Id, cancellationToken) is null)
        {
            throw RpcErrors.NotFound(entity.Type, entity.Id);
        }

        // A whole name comes before an alias, so that this one would never be used.
        var view = await registry.GetAsync(context.OrganizationId, cancellationToken);
        var bearers = view.Names.ByCore(NameText.Normalize(alias).Core).Where(c => c.Normalized.Key == key).ToList();
        if (bearers is [{ } bearer] && (entity.Type != "customer" || bearer.Id != entity.Id))
        {
            throw RpcErrors.WithReason(StatusCode.AlreadyExists, "ALIAS_IS_A_NAME", $"\"{alias.Trim()}\" is the name of customer {bearer.Id}: an alias cannot take it away.");
        }

        return new AliasWish(alias.Trim(), key, entity.Type, entity.Id, "manual", context.UserId, time.GetUtcNow(), context.RequestId);
    }

    private StoredAlias Seen(RequestContext context, StoredAlias stored)
    {
        registry.Apply(context.OrganizationId, names => names.With(new RegisteredAlias(stored.Id, stored.Key, stored.EntityType, stored.EntityId)));
        return stored;
    }

    private static RpcException Taken(string alias) =>
        RpcErrors.WithReason(StatusCode.AlreadyExists, "ALIAS_TAKEN", $"The alias \"{alias}\" names another entity already: delete that alias first.");
}
