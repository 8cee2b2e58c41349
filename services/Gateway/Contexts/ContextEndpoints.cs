using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;

namespace Platform.Gateway.Contexts;

/// <summary>A context to keep.</summary>
/// <param name="Text">1 to 16,000 characters.</param>
/// <param name="CustomerIds">Customers that it is about; at most 20.</param>
/// <param name="Collection">Name of the collection, at most 100 characters; absent: the default one.</param>
/// <param name="IdempotencyKey">Repeats with the same key store once; at most 200 characters.</param>
public sealed record ContextRequest(
    string? Text, IReadOnlyList<string>? CustomerIds = null, string? Collection = null, string? IdempotencyKey = null);

/// <summary>A search among contexts.</summary>
/// <param name="Query">What they should be about, 1 to 4,000 characters.</param>
/// <param name="CustomerIds">Customers that they should be about; at most 20.</param>
/// <param name="Collection">Absent: the default one.</param>
/// <param name="Limit">1 to 100; absent: 10.</param>
public sealed record ContextQuery(
    string? Query, IReadOnlyList<string>? CustomerIds = null, string? Collection = null, int? Limit = null);

/// <summary>A stored context.</summary>
public sealed record ContextView(
    string Id, string Kind, string Text, IReadOnlyList<EntityView> Entities, DateTimeOffset? CreatedAt, double? Score);

/// <summary>Stores and searches contexts directly (F3).</summary>
internal static class ContextEndpoints
{
    private const int MostBytes = 128 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static void MapContexts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/v1").WithTags("Contexts").RequireRateLimit("contexts").ProducesValidationProblem();
        group.MapPost("/contexts", StoreAsync).WithName("StoreContext").Accepts<ContextRequest>("application/json")
            .WithSummary("Stores a context.").Produces<ContextView>(StatusCodes.Status201Created).Produces<ContextView>();
        group.MapPost("/query", QueryAsync).WithName("QueryContexts").Accepts<ContextQuery>("application/json")
            .WithSummary("Finds contexts.").Produces<IReadOnlyList<ContextView>>();
    }

    private static async Task<IResult> StoreAsync(
        HttpContext http, MemoryService.MemoryServiceClient memory, TimeProvider time, CancellationToken cancellationToken)
    {
        (ContextRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.ContextRequest, MostBytes, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        if (request.Text is not { Length: >= 1 and <= 16_000 })
        {
            return ProblemMapping.Invalid(http, "text", "must be 1 to 16000 characters");
        }

        MemoryRecord record = new() { Kind = MemoryKind.Context, Text = request.Text, Collection = request.Collection ?? "" };
        record.Entities.AddRange(Customers(request.CustomerIds));
        StoreResponse reply = await memory.StoreAsync(
            new StoreRequest { Memory = record, IdempotencyKey = request.IdempotencyKey ?? "" }, time.Within(Limit, cancellationToken));
        ContextView view = View(reply.Memory, null);
        return reply.Created ? Results.Created($"/api/v1/contexts/{view.Id}", view) : Results.Ok(view);
    }

    private static async Task<IResult> QueryAsync(
        HttpContext http, MemoryService.MemoryServiceClient memory, TimeProvider time, CancellationToken cancellationToken)
    {
        (ContextQuery? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.ContextQuery, MostBytes, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        Dictionary<string, string[]> errors = [];
        if (request.Query is not { Length: >= 1 and <= 4_000 })
        {
            errors["query"] = ["must be 1 to 4000 characters"];
        }

        if (request.Limit is < 1 or > 100)
        {
            errors["limit"] = ["must be 1 to 100"];
        }

        if (errors.Count > 0)
        {
            return ProblemMapping.Invalid(http, errors);
        }

        RetrieveRequest retrieve = new() { Query = request.Query, Collection = request.Collection ?? "", Limit = request.Limit ?? 10 };
        retrieve.Entities.AddRange(Customers(request.CustomerIds));
        RetrieveResponse reply = await memory.RetrieveAsync(retrieve, time.Within(Limit, cancellationToken));
        return Results.Ok(reply.Memories.Select(m => View(m.Memory, Math.Round(m.Score, 4))).ToArray());
    }

    private static IEnumerable<EntityRef> Customers(IReadOnlyList<string>? ids) =>
        (ids ?? []).Select(id => new EntityRef { Type = EntityType.Customer, Id = id });

    private static ContextView View(MemoryRecord memory, double? score) => new(
        memory.Id, ChatViews.Name(memory.Kind), memory.Text, [.. memory.Entities.Select(ChatViews.Entity)],
        ChatViews.Moment(memory.CreatedAt), score);
}
