using Platform.Contracts.DataQuestions.V1;
using Platform.Gateway.Problems;
using Platform.Gateway.RateLimiting;

namespace Platform.Gateway.Rows;

/// <summary>Rows of one table.</summary>
/// <param name="Table">As asked for.</param>
/// <param name="Columns">Names; the first is the key.</param>
/// <param name="Rows">In the order asked for, one text a column; null where the row has no value.</param>
public sealed record RowsView(string Table, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);

/// <summary>The rows behind a figure.</summary>
internal static class RowEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static void MapRows(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/rows", ReadAsync).WithTags("Rows").WithName("Rows").RequireRateLimit("rows")
        .WithMetadata(new FieldName("row_ids", "id"))
        .WithSummary("Rows of the caller's organization by their keys: table (such as domain.invoices) and 1 to 50 times id.")
        .Produces<RowsView>().ProducesValidationProblem();

    private static async Task<IResult> ReadAsync(
        string? table, string[]? id, FactsService.FactsServiceClient facts, TimeProvider time, CancellationToken cancellationToken)
    {
        GetRowsRequest request = new() { Table = table ?? "" };
        request.RowIds.AddRange(id ?? []);
        Table found = (await facts.GetRowsAsync(request, time.Within(Limit, cancellationToken))).Table;
        return Results.Ok(new RowsView(
            request.Table, [.. found.Columns.Select(c => c.Name)], [.. found.Rows.Select(r => (IReadOnlyList<string?>)[.. r.Cells.Select(c => c.IsNull ? null : c.Text)])]));
    }
}
