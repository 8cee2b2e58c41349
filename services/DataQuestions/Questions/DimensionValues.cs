using System.Globalization;
using FuzzySharp;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Values of groupings by the data of the organization: cities, industries, segments; of subjects that a question names also theirs: methods of payment.</summary>
internal sealed class DimensionValues(StatementRunner runner)
{
    private const int LongestPhrase = 4;
    private const int MostFound = 20;
    private const int MostCompared = 5000;

    /// <summary>From here on, of 100, two spellings are taken for a slip: "hambrug" and "hamburg" have 86, "berlin" and "dublin" 67.</summary>
    private const int Alike = 75;

    /// <summary>Values that stand in the question word for word, whatever their case.</summary>
    public async Task<IReadOnlyList<ValueFilter>> FindAsync(DatasetDefinition dataset, string organization, DateOnly today, string question, CancellationToken cancellationToken)
    {
        var phrases = Phrases(question);
        var aliases = dataset.Dimensions.Concat(dataset.Subjects.SelectMany(subject => subject.Dimensions))
            .SelectMany(dimension => dimension.Aliases.Where(alias => phrases.Contains(alias.Key)).SelectMany(alias => alias.Value.Select(value => (Dimension: dimension, Said: alias.Key, Value: value)))).ToList();
        var found = await ReadAsync(dataset, organization, today, [.. phrases, .. aliases.Select(alias => alias.Value.ToLowerInvariant())], "WHERE lower(v.value) = ANY (@phrases)", MostFound, cancellationToken);
        return [.. found.SelectMany(value => AsSaid(value, phrases, aliases))];
    }

    // A value that a question names in several ways is each of them: "Munich", "München".
    private static IEnumerable<ValueFilter> AsSaid(ValueFilter value, string[] phrases, List<(DimensionDefinition Dimension, string Said, string Value)> aliases)
    {
        if (phrases.Contains(value.Value.ToLowerInvariant()))
        {
            yield return value;
        }

        foreach (var (_, said, _) in aliases.Where(alias => alias.Dimension == value.Dimension && string.Equals(alias.Value, value.Value, StringComparison.OrdinalIgnoreCase)))
        {
            yield return value with { Said = said };
        }
    }

    /// <summary>The value that is spelt most like a part of the question that nothing explains, with that part; null when none is.</summary>
    /// <param name="unknown">Words of the question that nothing explains.</param>
    public async Task<(string Said, ValueFilter Value)?> ClosestAsync(
        DatasetDefinition dataset, string organization, DateOnly today, string question, IReadOnlyList<string> unknown, CancellationToken cancellationToken)
    {
        var phrases = Phrases(question);
        var values = await ReadAsync(dataset, organization, today, phrases, "", MostCompared, cancellationToken);
        var (ratio, said, value) = phrases.Where(phrase => phrase.Split(' ').Any(unknown.Contains))
            .SelectMany(phrase => values.Select(value => (Ratio: Fuzz.Ratio(phrase, QuestionWords.Normalise(value.Value)), phrase, value)))
            .OrderByDescending(compared => compared.Ratio).ThenBy(compared => compared.value.Value, StringComparer.Ordinal).FirstOrDefault();
        return ratio >= Alike ? (said, value) : null;
    }

    private async Task<IReadOnlyList<ValueFilter>> ReadAsync(
        DatasetDefinition dataset, string organization, DateOnly today, string[] phrases, string condition, int most, CancellationToken cancellationToken)
    {
        var sources = dataset.Dimensions.Select(dimension => (Dimension: dimension, From: "domain.customers c WHERE c.organization_id = @organization"))
            .Concat(dataset.Subjects.Where(subject => subject.Words.Exists(phrases.Contains) || phrases.Any(subject.Explains)).SelectMany(subject => subject.Dimensions.Select(dimension => (Dimension: dimension, From: $"(\n{subject.From.TrimEnd()}\n) r"))))
            .Where(source => source.Dimension.Values).ToList();
        if (sources.Count == 0)
        {
            return [];
        }

        // Definitions of the dataset only; what was asked is a parameter.
        var all = string.Join("\nUNION ALL\n", sources.Select((source, index) => $"SELECT {index} AS dimension, {source.Dimension.Sql} AS value FROM {source.From}"));
        var statement = QuestionStatement.As(
            $"SELECT DISTINCT v.dimension, v.value\nFROM (\n{all}\n) v\n{condition}\nLIMIT {most}",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["organization"] = organization, ["phrases"] = phrases },
            today);
        var table = await runner.RunAsync(statement, most, cancellationToken);
        return [.. table.Rows.Where(row => !row.Cells[1].IsNull).Select(row => new ValueFilter(sources[int.Parse(row.Cells[0].Text, CultureInfo.InvariantCulture)].Dimension, row.Cells[1].Text))];
    }

    private static string[] Phrases(string question)
    {
        var words = QuestionWords.Normalise(question).Split(' ');
        return [.. Enumerable.Range(0, words.Length).SelectMany(start => Enumerable.Range(1, Math.Min(LongestPhrase, words.Length - start)).Select(length => string.Join(' ', words, start, length))).Distinct(StringComparer.Ordinal)];
    }
}
