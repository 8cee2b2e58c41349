using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Customers;

/// <summary>Patterns over all customers, of several customers side by side, and one pattern down to its rows.</summary>
internal static class PatternEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void MapPatterns(this RouteGroupBuilder group)
    {
        group.MapGet("/portfolio/patterns", PortfolioAsync).WithName("PortfolioPatterns")
            .WithSummary("The largest changes over all customers: types (comma-separated), minConfidence, from and until (day of the change), size, token.")
            .Produces<PortfolioPatternsView>();
        group.MapGet("/portfolio/comparison", CompareAsync).WithName("CompareCustomers")
            .WithSummary("The same measures of two to five customers (customers, comma-separated), each with its place among all.").Produces<ComparisonsView>()
            .WithMetadata(new FieldName("customer_ids", "customers"));
        group.MapGet("/customers/{customerId}/patterns/{insightId}", ExplainAsync).WithName("ExplainPattern")
            .WithSummary("One pattern with its method, figures and rows.").Produces<ExplanationView>();
    }

    private static async Task<IResult> PortfolioAsync(
        HttpContext http, string? types, double? minConfidence, double? minSignificance, string? from, string? until, int? size, string? token,
        PatternAnalysisService.PatternAnalysisServiceClient patterns, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!CustomerEndpoints.TryDay(from, out Date? first))
        {
            return ProblemMapping.Invalid(http, "from", "must be a day such as 2026-03-31");
        }

        if (!CustomerEndpoints.TryDay(until, out Date? end))
        {
            return ProblemMapping.Invalid(http, "until", "must be a day such as 2026-03-31");
        }

        var request = new ListPortfolioRequest
        {
            MinConfidence = minConfidence ?? 0,
            MinSignificance = minSignificance ?? 0,
            Changed = new Period { From = first, Until = end },
            Page = new PageRequest { Size = size ?? 0, Token = token ?? "" },
        };
        request.Types_.AddRange(Parts(types));
        ListPortfolioResponse reply = await patterns.ListPortfolioAsync(request, time.Within(Limit, cancellationToken));
        return Results.Ok(new PortfolioPatternsView(
            [.. reply.Entries.Select(e => new PortfolioPatternView(ChatViews.Entity(e.Customer), ChatViews.Insight(e.Customer.Id, e.Insight), ChatViews.Moment(e.ComputedAt)))],
            reply.Page is { NextToken.Length: > 0 } page ? page.NextToken : null));
    }

    private static async Task<IResult> CompareAsync(
        HttpContext http, string? customers, string? asOf, PatternAnalysisService.PatternAnalysisServiceClient patterns, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!CustomerEndpoints.TryDay(asOf, out Date? day))
        {
            return ProblemMapping.Invalid(http, "asOf", "must be a day such as 2026-03-31");
        }

        var request = new CompareCustomersRequest { AsOf = day };
        request.CustomerIds.AddRange(Parts(customers));
        CompareCustomersResponse reply = await patterns.CompareCustomersAsync(request, time.Within(Limit, cancellationToken));
        return Results.Ok(new ComparisonsView(
            request.CustomerIds,
            [.. reply.Comparisons.Select(c => new ComparisonView(
                c.Measure, c.Label, [.. c.Values.Select(ValueView.From)], [.. c.Percentiles.Select(p => p < 0 ? (double?)null : Math.Round(p, 4))]))]));
    }

    private static async Task<IResult> ExplainAsync(
        string customerId, string insightId, PatternAnalysisService.PatternAnalysisServiceClient patterns, TimeProvider time, CancellationToken cancellationToken)
    {
        ExplainInsightResponse reply = await patterns.ExplainInsightAsync(
            new ExplainInsightRequest { CustomerId = customerId, InsightId = insightId }, time.Within(Limit, cancellationToken));
        return Results.Ok(new ExplanationView(
            ChatViews.Insight(customerId, reply.Insight), reply.Method,
            reply.Insight.Figures.ToDictionary(f => f.Key, f => ValueView.From(f.Value)),
            [.. reply.Rows.Select(r => new RowView(r.Table, r.RowId, r.Columns))]));
    }

    private static string[] Parts(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
