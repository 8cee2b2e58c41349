using System.Globalization;
using Platform.Contracts.DataQuestions.V1;
using Platform.ResponseGeneration.Gates.Figures;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>The rows of a query, and what a reader forms from a column: sum, average, differences, shares.</summary>
internal static class DataFigures
{
    /// <summary>Rows of which each is set against each other: more would make nearly every difference a known one.</summary>
    private const int MostCompared = 12;

    private static readonly Cue Sum = new(Measures.Total);
    private static readonly Cue Mean = new(Measures.Average);
    private static readonly Cue Gap = new(Measures.Difference);
    private static readonly Cue Part = new([" of ", " share", " per cent", " percent", " accounts", " makes up", " part"]);

    public static void Add(KnownFigures figures, AskResponse? response)
    {
        figures.AddText(response?.Refusal?.Text ?? string.Empty, or: Cue.Anywhere);
        if (response?.Answer is not { } answer)
        {
            return;
        }

        foreach (var text in answer.Assumptions.Concat(answer.Warnings).Concat(answer.Parameters.Values).Append(answer.Text))
        {
            figures.AddText(text, or: Cue.Anywhere);
        }

        figures.Add(FigureKind.Ratio, answer.Confidence / 100, new Cue([" confiden", " certain"]));
        if (answer.Result is not { } table)
        {
            return;
        }

        figures.Add(FigureKind.Number, table.Rows.Count, Cue.Anywhere, things: KnownFigure.AnyUnit);

        // How many of them the answer shows (DataAnswer).
        figures.Add(FigureKind.Number, 20, new Cue([" rows"]), things: KnownFigure.AnyUnit);
        figures.Add(FigureKind.Number, table.Rows.Select(r => r.Cells.Count > 0 ? r.Cells[0].Text : string.Empty).Distinct(StringComparer.Ordinal).Count(), new Cue([" rows"]), things: KnownFigure.AnyUnit);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            figures.AddText(table.Columns[i].Name.Replace('_', ' '), or: Cue.Anywhere);
            Column(figures, [.. table.Rows.Where(r => i < r.Cells.Count && !r.Cells[i].IsNull).Select(r => r.Cells[i].Text)]);
        }
    }

    private static void Column(KnownFigures figures, string[] cells)
    {
        var numbers = new List<double>();
        foreach (var cell in cells)
        {
            if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                figures.AddText(cell, or: Cue.Anywhere);
                continue;
            }

            numbers.Add(number);
            figures.Add(FigureKind.Number, number, Cue.Anywhere, things: KnownFigure.AnyUnit);
            if (number is >= 1900 and <= 2100)
            {
                figures.Add(FigureKind.Year, number, Cue.Anywhere);
            }
        }

        if (numbers.Count < 2)
        {
            return;
        }

        var sum = numbers.Sum();
        figures.Add(FigureKind.Number, sum, Sum, things: KnownFigure.AnyUnit);
        figures.Add(FigureKind.Number, sum / numbers.Count, Mean, things: KnownFigure.AnyUnit);
        foreach (var number in numbers.Where(_ => sum > 0))
        {
            figures.Add(FigureKind.Ratio, number / sum, Part);
        }

        foreach (var (one, other) in numbers.Take(MostCompared).SelectMany((n, i) => numbers.Take(i).Select(o => (n, o))))
        {
            figures.Add(FigureKind.Number, one - other, Gap, things: KnownFigure.AnyUnit);
            if (Math.Min(Math.Abs(one), Math.Abs(other)) is > 0 and var small)
            {
                figures.Add(FigureKind.Times, Math.Max(Math.Abs(one), Math.Abs(other)) / small, Cue.Anywhere);
            }
        }
    }
}
