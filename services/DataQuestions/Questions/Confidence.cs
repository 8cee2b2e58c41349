using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Questions;

/// <summary>Confidence 0 to 100 from four parts of 0 to 1 (requirement H3).</summary>
internal static class Confidence
{
    public static IReadOnlyDictionary<string, double> Parts(Interpretation question, Table result) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        // A template answers only when the dictionary explains every word.
        ["dictionary_match"] = 1,
        ["metadata_coverage"] = MetadataCoverage(question),
        ["execution"] = 1,
        ["sanity"] = Sanity(question, result),
    };

    public static double Total(IReadOnlyDictionary<string, double> parts) =>
        100 * ((0.40 * parts["dictionary_match"]) + (0.30 * parts["metadata_coverage"]) + (0.20 * parts["execution"]) + (0.10 * parts["sanity"]));

    /// <summary>Share of what the statement uses that has a definition.</summary>
    private static double MetadataCoverage(Interpretation question)
    {
        List<string> definitions = [.. question.Filters.Select(filter => filter.Definition)];
        if (question.Measure is { } measure)
        {
            definitions.Add(measure.Definition);
        }

        if (question.Dimension is { } dimension)
        {
            definitions.Add(dimension.Definition);
        }

        return definitions.Count == 0 ? 1 : (double)definitions.Count(definition => definition.Length > 0) / definitions.Count;
    }

    /// <summary>An empty or cut-off result may be right, but is less often what was asked for; null where a figure was expected is not.</summary>
    private static double Sanity(Interpretation question, Table result)
    {
        if (result.Rows.Count == 0)
        {
            return question.Shape == Shape.List ? 0.7 : 0.4;
        }

        if (result.Rows.Any(row => row.Cells[^1].IsNull) && question.Shape != Shape.List && question.Comparison is null)
        {
            return 0;
        }

        return result.Truncated ? 0.6 : 1;
    }
}
