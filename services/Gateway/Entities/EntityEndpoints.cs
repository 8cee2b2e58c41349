using Platform.Contracts.EntityResolution.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;

namespace Platform.Gateway.Entities;

/// <summary>A completion of what is being typed.</summary>
public sealed record SuggestionView(string Type, string Id, string Name, double Confidence, IReadOnlyDictionary<string, string> Distinguishing);

/// <summary>A text to find entities in.</summary>
/// <param name="Text">1 to 8,000 characters.</param>
/// <param name="MaxCandidates">Most candidates of one mention, 1 to 20; 5 when absent.</param>
public sealed record ResolutionRequest(string? Text, int? MaxCandidates);

/// <summary>Texts to find entities in.</summary>
/// <param name="Texts">1 to 100 texts of 1 to 8,000 characters.</param>
/// <param name="MaxCandidates">Most candidates of one mention, 1 to 20; 5 when absent.</param>
public sealed record ResolutionBatchRequest(IReadOnlyList<string>? Texts, int? MaxCandidates);

/// <summary>What a text mentions.</summary>
/// <param name="Mentions">In the order of the text.</param>
/// <param name="NamesAsOf">When the database last confirmed the names; absent when they were looked up there.</param>
/// <param name="Stale">True when the database is away and older names answered.</param>
public sealed record ResolutionView(IReadOnlyList<MentionView> Mentions, DateTimeOffset? NamesAsOf, bool Stale);

/// <summary>Words of a text and what they mean.</summary>
/// <param name="Text">The words as written; empty when the conversation implied them.</param>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">Length in UTF-16 code units.</param>
/// <param name="Outcome">"matched", "ambiguous" or "not_found".</param>
/// <param name="Candidates">Best first; the first is meant when the outcome is "matched".</param>
public sealed record MentionView(string Text, int Start, int Length, string Outcome, IReadOnlyList<MentionCandidateView> Candidates);

/// <summary>An entity that words may mean.</summary>
/// <param name="Type">"customer", "order", "invoice" or "payment".</param>
/// <param name="Id">Its key.</param>
/// <param name="Name">Display name.</param>
/// <param name="MatchType">"exact", "alias", "acronym", "fuzzy", "conversation" or "number".</param>
/// <param name="Confidence">Probability that it is meant.</param>
/// <param name="Explanation">What agreed and what was forgiven.</param>
/// <param name="Distinguishing">What tells it apart from the others.</param>
public sealed record MentionCandidateView(
    string Type, string Id, string Name, string MatchType, double Confidence, IReadOnlyList<string> Explanation,
    IReadOnlyDictionary<string, string> Distinguishing);

/// <summary>Names in texts, and names while they are typed (B1).</summary>
internal static class EntityEndpoints
{
    private const int LongestText = 8_000;
    private const int MostTexts = 100;
    private const int MostBytes = 64 * 1024;
    private const int MostBatchBytes = 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BatchLimit = TimeSpan.FromSeconds(10);

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api/entities").WithTags("Entities").RequireRateLimit("entities")
            .ProducesValidationProblem();
        group.MapGet("/suggest", SuggestAsync).WithName("SuggestEntities")
            .WithSummary("Completes a name as it is typed.").Produces<IReadOnlyList<SuggestionView>>();
        group.MapPost("/resolve", ResolveAsync).WithName("ResolveEntities").Accepts<ResolutionRequest>("application/json")
            .WithSummary("Finds the entities that a text mentions.").Produces<ResolutionView>();
        group.MapPost("/resolve-batch", ResolveBatchAsync).WithName("ResolveEntityBatch").Accepts<ResolutionBatchRequest>("application/json")
            .WithSummary("Finds the entities that up to 100 texts mention, in their order.").Produces<IReadOnlyList<ResolutionView>>();
        group.MapAliases();
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

    private static async Task<IResult> ResolveAsync(
        HttpContext http, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        (ResolutionRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.ResolutionRequest, MostBytes, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        Dictionary<string, string[]> errors = [];
        CheckText(errors, "text", request.Text);
        CheckCandidates(errors, request.MaxCandidates);
        return errors.Count > 0
            ? ProblemMapping.Invalid(http, errors)
            : Results.Ok(View(await entities.ResolveAsync(
                new ResolveRequest { Text = request.Text, MaxCandidates = request.MaxCandidates ?? 5 }, time.Within(Limit, cancellationToken))));
    }

    private static async Task<IResult> ResolveBatchAsync(
        HttpContext http, EntityResolutionService.EntityResolutionServiceClient entities, TimeProvider time, CancellationToken cancellationToken)
    {
        (ResolutionBatchRequest? request, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.ResolutionBatchRequest, MostBatchBytes, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        Dictionary<string, string[]> errors = [];
        if (request.Texts is not { Count: >= 1 and <= MostTexts } texts)
        {
            errors["texts"] = [$"must be 1 to {MostTexts} texts, not {request.Texts?.Count ?? 0}"];
            texts = [];
        }

        for (int i = 0; i < texts.Count; i++)
        {
            CheckText(errors, $"texts[{i}]", texts[i]);
        }

        CheckCandidates(errors, request.MaxCandidates);
        if (errors.Count > 0)
        {
            return ProblemMapping.Invalid(http, errors);
        }

        using Grpc.Core.AsyncDuplexStreamingCall<ResolveRequest, ResolveResponse> call = entities.ResolveBatch(time.Within(BatchLimit, cancellationToken));
        List<ResolutionView> views = new(texts.Count);
        // One after the other: the answers' order is the texts', and neither side holds more than one.
        foreach (string text in texts)
        {
            await call.RequestStream.WriteAsync(new ResolveRequest { Text = text, MaxCandidates = request.MaxCandidates ?? 5 }, cancellationToken);
            if (!await call.ResponseStream.MoveNext(cancellationToken))
            {
                throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Internal, "The batch ended before its last answer."));
            }

            views.Add(View(call.ResponseStream.Current));
        }

        await call.RequestStream.CompleteAsync();

        // Read to its end: a call that is left before is one that was broken off.
        await call.ResponseStream.MoveNext(cancellationToken);
        return Results.Ok(views);
    }

    private static void CheckText(Dictionary<string, string[]> errors, string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
        {
            errors[field] = [$"must be 1 to {LongestText} characters, not {text?.Length ?? 0}"];
        }
    }

    private static void CheckCandidates(Dictionary<string, string[]> errors, int? candidates)
    {
        if (candidates is < 1 or > 20)
        {
            errors["maxCandidates"] = ["must be 1 to 20"];
        }
    }

    private static ResolutionView View(ResolveResponse reply) =>
        new([.. reply.Mentions.Select(View)], ChatViews.Moment(reply.Registry?.AsOf), reply.Registry?.Stale ?? false);

    private static MentionView View(Mention mention) => new(
        mention.Text, mention.Start, mention.Length, mention.DisambiguationNeeded ? "ambiguous" : mention.NotFound ? "not_found" : "matched",
        [.. mention.Candidates.Select(c => new MentionCandidateView(
            ChatViews.Name(c.Entity.Type), c.Entity.Id, c.Entity.Name, ChatViews.Name(c.MatchType), Math.Round(c.Confidence, 4), [.. c.Explanation],
            c.Distinguishing.ToDictionary()))]);
}
