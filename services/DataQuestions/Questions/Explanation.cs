using System.Globalization;
using System.Text;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Questions;

/// <summary>The answer in a sentence, made from the result only.</summary>
internal static class Explanation
{
    private const int Named = 5;

    public static string Write(Interpretation question, Table result)
    {
        var about = About(question);
        if (result.Rows.Count == 0)
        {
            return $"There are no {about}.";
        }

        var more = result.Truncated ? $"more than {result.Rows.Count}" : result.Rows.Count.ToString(CultureInfo.InvariantCulture);
        var measure = question.Measure?.Name ?? "";
        return question.Shape switch
        {
            Shape.Count => First(result, 0) == "1" ? $"There is 1 {Singular(about)}." : $"There are {First(result, 0)} {about}.",
            Shape.Sum or Shape.Average when question.Measure!.Money =>
                $"The {(question.IsAverage ? "average" : "total")} {measure}{Of(question)} is {FactValues.Join([.. result.Rows.Select(row => $"{Amount(row.Cells[0])} {row.Cells[1].Text}")])}, over {FactValues.Join([.. result.Rows.Select(row => row.Cells[2].Text)])} {question.Subject.Name}.",
            Shape.Sum or Shape.Average => result.Rows[0].Cells[0].IsNull
                ? $"There are no {about}."
                : $"The average of {measure}{Of(question)} is {Amount(result.Rows[0].Cells[0])}, over {result.Rows[0].Cells[1].Text} {question.Subject.Name}.",
            Shape.List => $"There are {more} {about}; the latest come first.",
            Shape.Group => $"{Capital(question.Measure is null ? about : measure + Of(question))} by {question.Dimension!.Name}, {more} rows: {Names(question, result)}.",
            Shape.OverTime => $"{Capital(question.Measure is null ? about : measure + Of(question))} per {question.Grain}, the latest first: {Names(question, result)}.",
            _ => question.Dimension is null
                ? $"The {(question.Ascending ? "smallest" : "largest")} {about} by {measure}: {more} rows."
                : $"{Capital(question.Dimension.Name)} by {(question.Measure is null ? $"number of {about}" : measure + Of(question))}, the {(question.Ascending ? "lowest" : "highest")} first: {Names(question, result)}.",
        };
    }

    /// <summary>E.g. "overdue invoices of Acme in the last 30 days".</summary>
    private static string About(Interpretation question)
    {
        var text = new StringBuilder();
        foreach (var filter in question.Filters)
        {
            text.Append(filter.Name).Append(' ');
        }

        text.Append(question.Subject.Name);
        return text.Append(Of(question)).ToString();
    }

    private static string Of(Interpretation question) =>
        (question.Customers.Count > 0 ? " of " + FactValues.Join([.. question.Customers.Select(customer => customer.Name)]) : "")
        + (question.Period is { } period ? string.Create(CultureInfo.InvariantCulture, $" from {period.From:yyyy-MM-dd} to {period.Until.AddDays(-1):yyyy-MM-dd}") : "");

    private static string Names(Interpretation question, Table result)
    {
        var money = question.Measure?.Money == true;
        var valueColumn = money ? 2 : 1;
        var named = result.Rows.Take(Named).Select(row =>
            $"{(row.Cells[0].IsNull ? "(none)" : row.Cells[0].Text)} {(question.Measure is null ? row.Cells[valueColumn].Text : Amount(row.Cells[valueColumn]))}{(money ? " " + row.Cells[1].Text : "")}");
        return string.Join("; ", named) + (result.Rows.Count > Named ? "; …" : "");
    }

    private static string First(Table result, int column) => result.Rows[0].Cells[column].Text;

    private static string Amount(Cell cell) =>
        decimal.TryParse(cell.Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount.ToString("#,##0.00", CultureInfo.InvariantCulture) : cell.Text;

    private static string Singular(string about)
    {
        var words = about.Split(' ');
        var index = Array.FindIndex(words, word => word is "invoices" or "orders" or "payments" or "customers");
        if (index >= 0)
        {
            words[index] = words[index][..^1];
        }

        return string.Join(' ', words);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
