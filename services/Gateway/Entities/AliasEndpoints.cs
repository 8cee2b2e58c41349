using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Entities;

/// <summary>Another name of an entity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Alias">What is said.</param>
/// <param name="Entity">What is meant.</param>
/// <param name="Origin">"manual", "choice" (learned from an answer to a question back) or "import".</param>
/// <param name="CreatedBy">Who made it, or changed it last.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="RequestId">With which request; absent when that is not known.</param>
/// <param name="TimesUsed">How often it settled a mention.</param>
public sealed record AliasView(
    string Id, string Alias, EntityView Entity, string Origin, string CreatedBy, DateTimeOffset? CreatedAt, string? RequestId, long TimesUsed);

/// <summary>A page of aliases.</summary>
public sealed record AliasPage(IReadOnlyList<AliasView> Aliases, string? NextToken);

/// <summary>Asks for another name.</summary>
/// <param name="Alias">2 to 200 characters, not used for another entity.</param>
/// <param name="CustomerId">The customer it shall name.</param>
public sealed record AliasRequest(string? Alias, string? CustomerId);

/// <summary>Other names of customers: listed, attributed, changed and taken back (A4).</summary>
internal static class AliasEndpoints
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static void MapAliases(this RouteGroupBuilder entities)
    {
        entities.MapGet("/aliases", ListAsync).WithName("ListAliases")
            .WithSummary("The other names that have been stored or learned, of one customer or of all.").Produces<AliasPage>();
        entities.MapGet("/aliases/{id}", GetAsync).WithName("GetAlias")
            .WithSummary("One other name.").Produces<AliasView>().ProducesProblem(StatusCodes.Status404NotFound);
        entities.MapPost("/aliases", CreateAsync).WithName("CreateAlias").Accepts<AliasRequest>("application/json")
            .WithSummary("Stores another name of a customer.").Produces<AliasView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        entities.MapPut("/aliases/{id}", ChangeAsync).WithName("ChangeAlias").Accepts<AliasRequest>("application/json")
            .WithSummary("Changes what is said, which customer is meant, or both.").Produces<AliasView>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        entities.MapDelete("/aliases/{id}", DeleteAsync).WithName("DeleteAlias")
            .WithSummary("Removes another name; the next question with it is asked back again.").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string? token, string? customerId, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (customerId is { Length: 0 or > 200 })
        {
            return ProblemMapping.Invalid(http, "customerId", "must be the id of a customer, 1 to 200 characters");
        }

        ListAliasesRequest request = new() { Page = new PageRequest { Size = 100, Token = token ?? "" } };
        if (customerId is not null)
        {
            request.Entity = Customer(customerId);
        }

        ListAliasesResponse reply = await entities.ListAliasesAsync(request, time.Within(Limit, cancellationToken));
        return Results.Ok(new AliasPage(
            [.. reply.Aliases.Select(View)], reply.Page is { NextToken.Length: > 0 } page ? page.NextToken : null));
    }

    private static async Task<IResult> GetAsync(
        string id, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken) =>
        Results.Ok(View(await entities.GetAliasAsync(new GetAliasRequest { Id = id }, time.Within(Limit, cancellationToken))));

    private static async Task<IResult> CreateAsync(
        HttpContext http, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        (AliasRequest? request, IResult? problem) = await ReadAsync(http, isNew: true, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        Alias alias = await entities.CreateAliasAsync(
            new CreateAliasRequest { Alias = request.Alias!.Trim(), Entity = Customer(request.CustomerId!) }, time.Within(Limit, cancellationToken));
        return Results.Created($"/api/entities/aliases/{alias.Id}", View(alias));
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string id, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        (AliasRequest? request, IResult? problem) = await ReadAsync(http, isNew: false, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        UpdateAliasRequest change = new() { Id = id, Alias = request.Alias?.Trim() ?? "" };
        if (request.CustomerId is not null)
        {
            change.Entity = Customer(request.CustomerId);
        }

        return Results.Ok(View(await entities.UpdateAliasAsync(change, time.Within(Limit, cancellationToken))));
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

    private static async Task<(AliasRequest? Request, IResult? Problem)> ReadAsync(HttpContext http, bool isNew, CancellationToken cancellationToken)
    {
        (AliasRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.AliasRequest, MostBytes, cancellationToken);
        if (request is null)
        {
            return (null, problem);
        }

        Dictionary<string, string[]> errors = [];
        if (isNew || request.Alias is not null ? request.Alias?.Trim() is not { Length: >= 2 and <= 200 } : request.CustomerId is null)
        {
            errors["alias"] = ["must be 2 to 200 characters"];
        }

        if ((isNew || request.CustomerId is not null) && request.CustomerId is not { Length: >= 1 and <= 200 })
        {
            errors["customerId"] = ["must be the id of a customer, 1 to 200 characters"];
        }

        return errors.Count > 0 ? (null, ProblemMapping.Invalid(http, errors)) : (request, null);
    }

    private static EntityRef Customer(string id) => new() { Type = EntityType.Customer, Id = id };

    private static AliasView View(Alias alias) => new(
        alias.Id, alias.Alias_, ChatViews.Entity(alias.Entity), ChatViews.Name(alias.Origin), alias.CreatedBy,
        ChatViews.Moment(alias.CreatedAt), alias.RequestId.Length > 0 ? alias.RequestId : null, alias.TimesUsed);
}
