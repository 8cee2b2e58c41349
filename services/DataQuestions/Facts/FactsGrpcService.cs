using System.Globalization;
using Grpc.Core;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Rows;
using Platform.ServiceDefaults;

namespace Platform.DataQuestions.Facts;

internal sealed class FactsGrpcService(FactBook facts, RowReader rows, IRequestContextAccessor requestContext) : FactsService.FactsServiceBase
{
    private const int MaxEntities = 20;

    public override async Task<GetFactsResponse> GetFacts(GetFactsRequest request, ServerCallContext context)
    {
        Guard(request);
        try
        {
            return await facts.GetAsync(
                requestContext.Current.OrganizationId,
                [.. request.Entities.Select(entity => (ToScope(entity.Type), entity.Id))],
                request.Kinds,
                request.AsOf is { } day ? ParseDay(day) : null,
                request.Portfolio,
                context.CancellationToken,
                new EvidenceDetail(request.EvidenceRows == 0 ? FactProvider.MaxRowIds : request.EvidenceRows, request.ShareSql));
        }
        catch (UnknownEntityException unknown)
        {
            throw RpcErrors.NotFound(unknown.Scope.ToString().ToLowerInvariant(), unknown.Id);
        }
        catch (SourceUnavailableException)
        {
            throw RpcErrors.Unavailable("FACTS_UNAVAILABLE", "The database cannot be read and no earlier figures are known.");
        }
    }

    public override Task<ListFactKindsResponse> ListFactKinds(ListFactKindsRequest request, ServerCallContext context)
    {
        var response = new ListFactKindsResponse();
        response.Kinds.Add(FactCatalog.All.Select(provider =>
        {
            var kind = new FactKind { Name = provider.Name, Label = provider.Label, Definition = provider.Definition };
            kind.AppliesTo.Add(((FactScope[])[FactScope.Customer, FactScope.Order, FactScope.Invoice])
                .Where(scope => provider.AppliesTo.HasFlag(scope)).Select(FactBook.ToEntityType));
            return kind;
        }));
        return Task.FromResult(response);
    }

    public override async Task<GetRowsResponse> GetRows(GetRowsRequest request, ServerCallContext context)
    {
        Guard(request);
        return new GetRowsResponse
        {
            Table = await rows.ReadAsync(requestContext.Current.OrganizationId, request.Table, [.. request.RowIds.Distinct()], context.CancellationToken),
        };
    }

    private static void Guard(GetRowsRequest request)
    {
        List<(string, string)> errors = [];
        if (!RowReader.Knows(request.Table))
        {
            errors.Add(("table", $"must be one of {string.Join(", ", RowReader.Tables)}"));
        }

        if (request.RowIds.Count is 0 or > FactProvider.MaxRowIds)
        {
            errors.Add(("row_ids", $"must be 1 to {FactProvider.MaxRowIds} keys"));
        }
        else if (request.RowIds.Any(id => id.Length is 0 or > 200 || id.Contains('\0', StringComparison.Ordinal)))
        {
            errors.Add(("row_ids", "must have 1 to 200 characters each, none of them U+0000"));
        }

        if (errors.Count > 0)
        {
            throw RpcErrors.InvalidArgument(errors);
        }
    }

    private static void Guard(GetFactsRequest request)
    {
        List<(string, string)> errors = [];
        if (request.Entities.Count == 0 && !request.Portfolio)
        {
            errors.Add(("entities", "name at least one entity, or set portfolio"));
        }

        if (request.Entities.Count > MaxEntities)
        {
            errors.Add(("entities", $"at most {MaxEntities} entities"));
        }

        for (var i = 0; i < request.Entities.Count; i++)
        {
            if (ToScope(request.Entities[i].Type) == FactScope.None)
            {
                errors.Add(($"entities[{i}].type", "facts exist for customers, orders and invoices"));
            }

            if (request.Entities[i].Id.Length is < 1 or > 200)
            {
                errors.Add(($"entities[{i}].id", "1 to 200 characters"));
            }
        }

        foreach (var kind in request.Kinds)
        {
            if (!FactCatalog.TryFind(kind, out _))
            {
                errors.Add(("kinds", $"\"{kind}\" is not a kind of fact; see ListFactKinds"));
            }
        }

        if (request.EvidenceRows is < 0 or > FactProvider.MaxRowIds)
        {
            errors.Add(("evidence_rows", $"0 to {FactProvider.MaxRowIds}"));
        }

        if (request.AsOf is { } day && !TryParseDay(day, out _))
        {
            errors.Add(("as_of", "an ISO 8601 day such as 2026-03-31"));
        }

        if (errors.Count > 0)
        {
            throw RpcErrors.InvalidArgument(errors);
        }
    }

    private static FactScope ToScope(EntityType type) => type switch
    {
        EntityType.Customer => FactScope.Customer,
        EntityType.Order => FactScope.Order,
        EntityType.Invoice => FactScope.Invoice,
        _ => FactScope.None,
    };

    private static DateOnly ParseDay(Date day) => TryParseDay(day, out var parsed) ? parsed : throw new FormatException("Guard let an invalid day pass");

    private static bool TryParseDay(Date day, out DateOnly parsed) =>
        DateOnly.TryParseExact(day.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out parsed) && parsed < DateOnly.MaxValue;
}
