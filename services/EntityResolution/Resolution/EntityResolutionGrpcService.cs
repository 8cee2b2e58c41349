using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Suggestions;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Resolution;

/// <summary>The service's contract over gRPC: guard, map, call, map.</summary>
internal sealed class EntityResolutionGrpcService(
    EntityResolver resolver, Choosing choosing, Suggesting suggesting, AliasStore aliases, Aliasing aliasing, RegistryCache registry,
    IRequestContextAccessor context, IOptionsMonitor<ResolutionOptions> options)
    : EntityResolutionService.EntityResolutionServiceBase
{
    public override Task<ResolveResponse> Resolve(ResolveRequest request, ServerCallContext call) => ResolveAsync(request, call.CancellationToken);

    public override async Task ResolveBatch(IAsyncStreamReader<ResolveRequest> requests, IServerStreamWriter<ResolveResponse> responses, ServerCallContext call)
    {
        for (var texts = 0; await requests.MoveNext(call.CancellationToken); texts++)
        {
            if (texts == Requests.MostTextsInBatch)
            {
                throw RpcErrors.WithReason(StatusCode.ResourceExhausted, "BATCH_TOO_LARGE", $"A batch has at most {Requests.MostTextsInBatch} texts: the first {texts} are answered, send the others in another call.");
            }

            await responses.WriteAsync(await ResolveAsync(requests.Current, call.CancellationToken), call.CancellationToken);
        }
    }

    public override async Task<SuggestResponse> Suggest(SuggestRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var found = await suggesting.SuggestAsync(context.Current.OrganizationId, request.Prefix, request.Limit == 0 ? 10 : request.Limit, call.CancellationToken);
        var response = new SuggestResponse();
        response.Candidates.AddRange(found.Select(Contract.Candidate));
        return response;
    }

    public override async Task<ChooseResponse> Choose(ChooseRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var offered = request.Offered.Select(Contract.Key).ToList();
        if (await choosing.ChooseAsync(context.Current, request.Choice, request.Mention, offered, request.Remember, call.CancellationToken) is not { } chosen)
        {
            throw RpcErrors.InvalidArgument("choice", $"picks none of the {offered.Count} offered: give a number from 1 to {offered.Count}, a name or an id");
        }

        return new ChooseResponse { Entity = Contract.Ref(chosen.Entity), Alias = chosen.Alias is { } alias ? Contract.Alias(alias) : null };
    }

    public override async Task<ListAliasesResponse> ListAliases(ListAliasesRequest request, ServerCallContext call)
    {
        var size = Requests.CheckPage(request.Page);
        var after = DecodeToken(request.Page?.Token);
        var type = request.Entity is { } entity ? Contract.TypeName(entity.Type) ?? throw RpcErrors.InvalidArgument("entity.type", "is missing") : null;
        var found = await aliases.ListAsync(context.Current.OrganizationId, type, request.Entity?.Id, after, size + 1, call.CancellationToken);
        var response = new ListAliasesResponse { Page = new PageResponse() };
        response.Aliases.AddRange(found.Take(size).Select(Contract.Alias));
        if (found.Count > size)
        {
            response.Page.NextToken = Convert.ToBase64String(Encoding.UTF8.GetBytes(found[size - 1].Key));
        }

        return response;
    }

    public override async Task<Alias> GetAlias(GetAliasRequest request, ServerCallContext call) =>
        Contract.Alias(await aliasing.FindAsync(context.Current, Requests.CheckId("id", request.Id), call.CancellationToken));

    public override async Task<Alias> CreateAlias(CreateAliasRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        return Contract.Alias(await aliasing.CreateAsync(context.Current, request.Alias, Contract.Key(request.Entity), call.CancellationToken));
    }

    public override async Task<Alias> UpdateAlias(UpdateAliasRequest request, ServerCallContext call)
    {
        Requests.Check(request);
        var entity = request.Entity is { } given ? Contract.Key(given) : null;
        return Contract.Alias(await aliasing.ChangeAsync(context.Current, Requests.CheckId("id", request.Id), request.Alias, entity, call.CancellationToken));
    }

    public override async Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext call) =>
        new() { Deleted = await aliasing.DeleteAsync(context.Current, Requests.CheckId("id", request.Id), call.CancellationToken) };

    public override async Task<RegistryStatus> GetRegistryStatus(GetRegistryStatusRequest request, ServerCallContext call) =>
        Contract.Status(await registry.GetAsync(context.Current.OrganizationId, call.CancellationToken));

    private async Task<ResolveResponse> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken)
    {
        Requests.Check(request, options.CurrentValue.MaxTextLength);
        var current = context.Current;
        try
        {
            if (request.Pending is { } pending
                && await choosing.ChooseAsync(current, request.Text, pending.Mention, [.. pending.Offered.Select(Contract.Key)], remember: true, cancellationToken) is { } chosen)
            {
                return new ResolveResponse
                {
                    Chosen = Contract.Ref(chosen.Entity),
                    PendingText = pending.Text,
                    Alias = chosen.Alias is { } alias ? Contract.Alias(alias) : null,
                    CorrelationId = request.CorrelationId,
                    Registry = Contract.Status(await registry.GetAsync(current.OrganizationId, cancellationToken)),
                };
            }

            var resolution = await resolver.ResolveAsync(
                current.OrganizationId,
                request.Text,
                [.. request.ConversationEntities.Select(Contract.Key)],
                request.MaxCandidates == 0 ? 5 : request.MaxCandidates,
                cancellationToken);
            var response = new ResolveResponse { CorrelationId = request.CorrelationId, Registry = Contract.Status(resolution.Registry) };
            response.Mentions.AddRange(resolution.Mentions.Select(m => Contract.Mention(m, request.Text)));
            return response;
        }
        catch (RegistryUnavailableException exception)
        {
            throw RpcErrors.Unavailable("REGISTRY_UNAVAILABLE", exception.Message);
        }
    }

    private static string DecodeToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return "";
        }

        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var written)
            ? Encoding.UTF8.GetString(bytes, 0, written)
            : throw RpcErrors.InvalidArgument("page.token", "is not a token of an earlier page");
    }
}
