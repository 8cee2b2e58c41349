using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Questions;

/// <summary>What each row of a result is about, so that a conversation can go on about "the second one".</summary>
internal static class RowEntities
{
    /// <summary>SQL of the key of what a row is about; null when rows are about no single entity.</summary>
    public static string? KeyOf(Interpretation question) => question switch
    {
        { Comparison: not null } => null,
        { Shape: Shape.Group or Shape.Top, Dimension: { } dimension } => dimension.Name == Interpretation.CustomerName ? dimension.Key : null,
        { Shape: Shape.List or Shape.ByAge or Shape.Top } when TypeOf(question) != EntityType.Unspecified => "r." + question.Subject.Key,
        _ => null,
    };

    /// <summary>Takes the keys out of a result and returns what its rows are about, in their order.</summary>
    public static IReadOnlyList<EntityRef> Take(Interpretation question, Table result)
    {
        if (KeyOf(question) is null)
        {
            return [];
        }

        result.Columns.RemoveAt(result.Columns.Count - 1);
        List<EntityRef> entities = [];
        foreach (var row in result.Rows)
        {
            // The first column is the name or number that the row is known by.
            entities.Add(new EntityRef { Type = TypeOf(question), Id = row.Cells[^1].Text, Name = row.Cells[0].Text });
            row.Cells.RemoveAt(row.Cells.Count - 1);
        }

        return entities;
    }

    private static EntityType TypeOf(Interpretation question) => question.Dimension is not null ? EntityType.Customer : question.Subject.Table switch
    {
        "domain.customers" => EntityType.Customer,
        "domain.sales_orders" => EntityType.Order,
        "domain.invoices" => EntityType.Invoice,
        _ => EntityType.Unspecified,
    };
}
