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

        if (ByTimeAndCurrency(table))
        {
            Pivot(text, table, language);
            return;
        }

        text.Table(
            [.. table.Columns.Select(c => Language.Capital(c.Name.Replace('_', ' ')))],
            table.Rows.Take(MostRows).Select(r => (IReadOnlyList<string>)[.. r.Cells.Select((c, i) => Cell(c, i < table.Columns.Count ? table.Columns[i] : null, language))]),
            [.. table.Columns.Select(c => IsNumber(c.Type))]);
        if (table.Rows.Count > MostRows)
        {
            text.Paragraph($"The first {language.Count(MostRows)} of {(table.Truncated ? "more than " : string.Empty)}{language.Count(table.Rows.Count)} rows are shown.");
        }
    }

    /// <summary>Time, currency, amount: one row for each time and currency would bury the course of each.</summary>
    private static bool ByTimeAndCurrency(Table table) =>
        table.Columns.Count == 3 && table.Columns[0].Name is "month" or "quarter" or "year" or "week" && table.Columns[1].Name == "currency"
        && table.Rows.Select(r => r.Cells[1].Text).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private static void Pivot(AnswerText text, Table table, Language language)
    {
        var currencies = table.Rows.Select(r => r.Cells[1].Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var times = table.Rows.GroupBy(r => r.Cells[0].Text).ToList();
        text.Table(
            [Language.Capital(table.Columns[0].Name), .. currencies],
            times.Take(MostRows).Select(time => (IReadOnlyList<string>)
            [
                Cell(time.First().Cells[0], table.Columns[0], language),
                .. currencies.Select(currency => time.FirstOrDefault(r => r.Cells[1].Text == currency) is { } row ? Cell(row.Cells[2], table.Columns[2], language) : "–"),
            ]));
        if (times.Count > MostRows)
        {
            text.Paragraph($"The first {language.Count(MostRows)} of {language.Count(times.Count)} rows are shown.");
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
            return column.Name switch
            {
                "month" => $"{day.ToString("MMMM", CultureInfo.InvariantCulture)} {day.Year.ToString(CultureInfo.InvariantCulture)}",
                "quarter" => $"Q{(((day.Month - 1) / 3) + 1).ToString(CultureInfo.InvariantCulture)} {day.Year.ToString(CultureInfo.InvariantCulture)}",
                "year" => day.Year.ToString(CultureInfo.InvariantCulture),
                _ => language.Of(day),
            };
        }

        return cell.Text;
    }

    // Years and keys are numbers that nobody groups.
    private static bool IsCode(string column) => column is "year" || column.EndsWith("_id", StringComparison.Ordinal) || column.EndsWith("_number", StringComparison.Ordinal) || column.EndsWith("_year", StringComparison.Ordinal);

    // "numeric(14,2)" is a number too.
    private static bool IsNumber(string type) => type.Split('(')[0] is "numeric" or "bigint" or "integer" or "smallint" or "real" or "double precision" or "money" or "int4" or "int8" or "int2" or "float8" or "float4";
}
