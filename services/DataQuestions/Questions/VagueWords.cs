using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Words that could mean several figures: what can be asked instead is the better answer.</summary>
internal static class VagueWords
{
    /// <summary>Null when nothing of the question is vague.</summary>
    /// <param name="dataset">Whose words.</param>
    /// <param name="text">Normalised.</param>
    /// <param name="unknown">Words of the text that nothing explains.</param>
    public static NotUnderstood? Of(DatasetDefinition dataset, string text, IReadOnlyList<string> unknown)
    {
        foreach (var vague in dataset.Vague)
        {
            if (vague.Words.Find(word => word.Split(' ').Any(unknown.Contains) && $" {text} ".Contains($" {word} ", StringComparison.Ordinal)) is { } found)
            {
                return new NotUnderstood("ambiguous", $"\"{found}\" can mean several things here. Ask for example {string.Join(", ", vague.Ask.Select(question => $"\"{question}\""))}.") { Ask = vague.Ask };
            }
        }

        return null;
    }
}
