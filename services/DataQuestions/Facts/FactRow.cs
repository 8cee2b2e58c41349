namespace Platform.DataQuestions.Facts;

/// <summary>
/// One row of a fact's statement. Every statement returns these columns in this order, so that the statements of all kinds
/// can be joined by UNION ALL and read in one round trip.
/// </summary>
internal sealed record FactRow(
    string EntityId,
    string? Currency,
    string? Part,
    decimal? Amount,
    double? Quantity,
    long Items,
    DateOnly? Day,
    string? Text,
    IReadOnlyList<string> RowIds,
    long TotalRows);
