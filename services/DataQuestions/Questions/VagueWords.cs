using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Words that could mean several figures: what can be asked instead is the better answer.</summary>
internal static class VagueWords
{
    /// <summary>Null when nothing of the question is vague.</summary>
    public static NotUnderstood? Of(DatasetDefinition dataset, IReadOnlyList<string> unknown) =>
        dataset.Vague.Find(vague => unknown.Any(vague.Words.Contains)) is { } found
            ? new NotUnderstood("ambiguous", $"\"{unknown.First(found.Words.Contains)}\" can mean several things here. Ask for example {string.Join(", ", found.Ask.Select(question => $"\"{question}\""))}.") { Ask = found.Ask }
            : null;
}
