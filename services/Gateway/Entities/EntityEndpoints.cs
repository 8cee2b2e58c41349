using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;

namespace Platform.Gateway.Entities;

/// <summary>A completion of what is being typed.</summary>
public sealed record SuggestionView(string Type, string Id, string Name, double Confidence, IReadOnlyDictionary<string, string> Distinguishing);

/// <summary>Another name of an entity.</summary>
public sealed record AliasView(
    string Id, string Alias, EntityView Entity, string Origin, string CreatedBy, DateTimeOffset? CreatedAt, long TimesUsed);

/// <summary>A page of aliases.</summary>
public sealed record AliasPage(IReadOnlyList<AliasView> Aliases, string? NextToken);

/// <summary>Asks for another name.</summary>
/// <param name="Alias">2 to 200 characters, not used for another entity.</param>
/// <param name="CustomerId">The customer it shall name.</param>
public sealed record AliasRequest(string? Alias, string? CustomerId);

/// <summary>Search-as-you-type and aliases (A4, B1).</summary>
internal static class EntityEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/entities").WithTags("Entities").RequireRateLimit("entities")
            .ProducesValidationProblem();
        group.MapGet("/suggest", SuggestAsync).WithName("SuggestEntities")
            .WithSummary("Completes a name as it is typed.").Produces<IReadOnlyList<SuggestionView>>();
        group.MapGet("/aliases", ListAsync).WithName("ListAliases")
            .WithSummary("The other names that have been stored or learned.").Produces<AliasPage>();
        group.MapPost("/aliases", CreateAsync).WithName("CreateAlias").Accepts<AliasRequest>("application/json")
            .WithSummary("Stores another name of a customer.").Produces<AliasView>(StatusCodes.Status201Created);
        group.MapDelete("/aliases/{id}", DeleteAsync).WithName("DeleteAlias")
            .WithSummary("Removes another name.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SuggestAsync(
        HttpContext http, string? q, int? limit, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(q) || q.Length > 200)
        {
            return ProblemMapping.Invalid(http, "q", "must be 1 to 200 characters");
        }

        if (limit is < 1 or > 50)
        {
            return ProblemMapping.Invalid(http, "limit", "must be 1 to 50");
        }

        SuggestResponse reply = await entities.SuggestAsync(
            new SuggestRequest { Prefix = q, Limit = limit ?? 10 }, time.Within(Limit, cancellationToken));
        return Results.Ok(reply.Candidates.Select(c => new SuggestionView(
            ChatViews.Name(c.Entity.Type), c.Entity.Id, c.Entity.Name, Math.Round(c.Confidence, 4), c.Distinguishing.ToDictionary())).ToArray());
    }

    private static async Task<IResult> ListAsync(
        string? token, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        ListAliasesResponse reply = await entities.ListAliasesAsync(
            new ListAliasesRequest { Page = new PageRequest { Size = 100, Token = token ?? "" } }, time.Within(Limit, cancellationToken));
        return Results.Ok(new AliasPage(
            [.. reply.Aliases.Select(View)], reply.Page is { NextToken.Length: > 0 } page ? page.NextToken : null));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        (AliasRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.AliasRequest, 4096, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        Dictionary<string, string[]> errors = [];
        if (request.Alias?.Trim() is not { Length: >= 2 and <= 200 })
        {
            errors["alias"] = ["must be 2 to 200 characters"];
        }

        if (request.CustomerId is not { Length: >= 1 and <= 200 })
        {
            errors["customerId"] = ["must be the id of a customer, 1 to 200 characters"];
        }

        if (errors.Count > 0)
        {
            return ProblemMapping.Invalid(http, errors);
        }

        Alias alias = await entities.CreateAliasAsync(
            new CreateAliasRequest
            {
                Alias = request.Alias!.Trim(),
                Entity = new EntityRef { Type = EntityType.Customer, Id = request.CustomerId },
            },
            time.Within(Limit, cancellationToken));
        return Results.Created($"/api/entities/aliases/{alias.Id}", View(alias));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string id, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time,
        CancellationToken cancellationToken)
    {
        DeleteAliasResponse reply = await entities.DeleteAliasAsync(new DeleteAliasRequest { Id = id }, time.Within(Limit, cancellationToken));
        return reply.Deleted
            ? Results.NoContent()
            : ProblemMapping.Problem(http, StatusCodes.Status404NotFound, "Not found", "There is no such alias.");
    }

    private static AliasView View(Alias alias) => new(
        alias.Id, alias.Alias_, ChatViews.Entity(alias.Entity), ChatViews.Name(alias.Origin), alias.CreatedBy,
        ChatViews.Moment(alias.CreatedAt), alias.TimesUsed);
}
