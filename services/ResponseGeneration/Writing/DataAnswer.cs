using System.Globalization;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>The answer of a query with its rows; its SQL is the source.</summary>
internal static class DataAnswer
{
    private const int MostRows = 20;

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        var response = context.DataQuestion;
        if (response?.Answer is { } answer)
        {
            text.Paragraph(answer.Text.Length > 0 ? answer.Text + References.To(context, ["data_question"]) : $"The query returned {language.Count(answer.Result?.Rows.Count ?? 0, "row")}.{References.To(context, ["data_question"])}");
            Table(text, answer.Result, language);
            text.List("**Assumptions**", answer.Assumptions);
            return;
        }

        if (response?.Refusal is { } refusal)
        {
            text.Paragraph(refusal.Text.Length > 0 ? refusal.Text : "I could not turn this question into a query.");
        }
        else
        {
            text.Paragraph("I could not query the data for this question right now.");
        }

        if (context.Facts.Count > 0)
        {
            text.Paragraph("What I do know:");
            StatusAnswer.Write(text, context, language);
        }
    }

    private static void Table(AnswerText text, Table? table, Language language)
    {
        if (table is null || table.Rows.Count == 0 || (table.Rows.Count == 1 && table.Columns.Count == 1))
        {
            return;
        }

        text.Table(
            [.. table.Columns.Select(c => Language.Capital(c.Name.Replace('_', ' ')))],
            table.Rows.Take(MostRows).Select(r => (IReadOnlyList<string>)[.. r.Cells.Select((c, i) => Cell(c, i < table.Columns.Count ? table.Columns[i] : null, language))]),
            [.. table.Columns.Select(c => IsNumber(c.Type))]);
        if (table.Rows.Count > MostRows)
        {
            text.Paragraph($"The first {language.Count(MostRows)} of {language.Count(table.Rows.Count)} rows are shown.");
        }
    }

    private static string Cell(Cell cell, Column? column, Language language)
    {
        if (cell.IsNull)
        {
            return "–";
        }

        if (column is not null && IsNumber(column.Type) && decimal.TryParse(cell.Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return IsCode(column.Name) ? cell.Text
                : column.Type.StartsWith("int", StringComparison.Ordinal) || column.Type is "bigint" or "smallint" || decimal.Truncate(number) == number && number.Scale == 0
                    ? number.ToString("#,##0.##", language.Culture)
                    : number.ToString(number.Scale > 2 ? "#,##0.##" : "N2", language.Culture);
        }

        if (column is not null && (column.Type == "date" || column.Type.StartsWith("timestamp", StringComparison.Ordinal)) && cell.Text.Length >= 10
            && DateOnly.TryParseExact(cell.Text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return language.Of(day);
        }

        return cell.Text;
    }

    // Years and keys are numbers that nobody groups.
    private static bool IsCode(string column) => column is "year" || column.EndsWith("_id", StringComparison.Ordinal) || column.EndsWith("_number", StringComparison.Ordinal) || column.EndsWith("_year", StringComparison.Ordinal);

    private static bool IsNumber(string type) => type is "numeric" or "bigint" or "integer" or "smallint" or "real" or "double precision" or "money" or "int4" or "int8" or "int2" or "float8" or "float4";
}
