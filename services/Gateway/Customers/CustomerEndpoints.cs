using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;

namespace Platform.Gateway.Customers;

/// <summary>Facts, patterns and series of a customer, each down to its rows.</summary>
internal static class CustomerEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/api").WithTags("Customers").RequireRateLimit("customers")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesValidationProblem();
        group.MapGet("/customers/{customerId}/facts", CustomerFactsAsync).WithName("CustomerFacts")
            .WithSummary("Defined figures about a customer, with definition, SQL and rows.").Produces<FactsView>()
            .WithMetadata(new FieldName("entities.id", "customerId"));
        group.MapGet("/portfolio/facts", PortfolioFactsAsync).WithName("PortfolioFacts")
            .WithSummary("Defined figures over all customers.").Produces<FactsView>();
        group.MapGet("/customers/{customerId}/patterns", PatternsAsync).WithName("CustomerPatterns")
            .WithSummary("What changed in how a customer orders and pays.").Produces<PatternsView>()
            .WithMetadata(new FieldName("customer_ids", "customerId"));
        group.MapPatterns();
        group.MapGet("/customers/{customerId}/series/{measure}", SeriesAsync).WithName("CustomerSeries")
            .WithSummary("A series for plotting: days_late, order_amount, orders_per_month, rush_share.").Produces<SeriesView>();
    }

    private static Task<IResult> CustomerFactsAsync(
        HttpContext http, string customerId, string? asOf, string? kinds, FactsService.FactsServiceClient facts, TimeProvider time,
        CancellationToken cancellationToken) =>
        FactsAsync(http, new GetFactsRequest { Entities = { Customer(customerId) } }, asOf, kinds, facts, time, cancellationToken);

    private static Task<IResult> PortfolioFactsAsync(
        HttpContext http, string? asOf, string? kinds, FactsService.FactsServiceClient facts, TimeProvider time, CancellationToken cancellationToken) =>
        FactsAsync(http, new GetFactsRequest { Portfolio = true }, asOf, kinds, facts, time, cancellationToken);

    private static async Task<IResult> FactsAsync(
        HttpContext http, GetFactsRequest request, string? asOf, string? kinds, FactsService.FactsServiceClient facts, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!TryDay(asOf, out Date? day))
        {
            return ProblemMapping.Invalid(http, "asOf", "must be a day such as 2026-03-31");
        }

        request.AsOf = day;
        request.Kinds.AddRange((kinds ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        GetFactsResponse reply = await facts.GetFactsAsync(request, time.Within(Limit, cancellationToken));
        return reply.Entities.Count == 0
            ? ProblemMapping.Problem(http, StatusCodes.Status404NotFound, "Not found", "There are no facts for this customer.")
            : Results.Ok(FactViews.From(reply.Entities[0]));
    }

    private static async Task<IResult> PatternsAsync(
        HttpContext http, string customerId, string? asOf, PatternAnalysisService.PatternAnalysisServiceClient patterns, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!TryDay(asOf, out Date? day))
        {
            return ProblemMapping.Invalid(http, "asOf", "must be a day such as 2026-03-31");
        }

        GetPatternsResponse reply = await patterns.GetPatternsAsync(
            new GetPatternsRequest { CustomerIds = { customerId }, AsOf = day }, time.Within(Limit, cancellationToken));
        CustomerPatterns found = reply.Customers[0];
        return Results.Ok(new PatternsView(
            found.Customer is null ? null : ChatViews.Entity(found.Customer),
            ChatViews.Insights([found]),
            [.. found.Outcomes.Select(o => new OutcomeView(o.Detector, ChatViews.Name(o.Status), o.Reason))],
            ChatViews.Moment(found.ComputedAt), ChatViews.Name(found.Tier), found.Stale));
    }

    private static async Task<IResult> SeriesAsync(
        string customerId, string measure, PatternAnalysisService.PatternAnalysisServiceClient patterns, TimeProvider time,
        CancellationToken cancellationToken)
    {
        TimeSeries series = await patterns.GetTimeSeriesAsync(
            new GetTimeSeriesRequest { CustomerId = customerId, Measure = measure }, time.Within(Limit, cancellationToken));
        return Results.Ok(new SeriesView(series.Measure, series.Unit, [.. series.Points.Select(View)], [.. series.Levels.Select(View)]));
    }

    internal static PointView View(Point point) => new(point.On?.Iso ?? "", point.Value, point.RowId.Length > 0 ? point.RowId : null);

    private static EntityRef Customer(string id) => new() { Type = EntityType.Customer, Id = id };

    internal static bool TryDay(string? text, out Date? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return false;
        }

        day = new Date { Iso = text };
        return true;
    }
}
