using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Questions;

/// <summary>Intents by rules over questions with a known intent: those that the rules were written with, and those that were held back.</summary>
public sealed class IntentAccuracyTests(ITestOutputHelper output)
{
    private static readonly EntityRef Invoice = new() { Type = EntityType.Invoice, Id = "INV-1", Name = "INV-10233" };

    [Theory]
    [InlineData("rules", 0.99)]
    [InlineData("held", 0.9)]
    public async Task Read_LabelledQuestions_FindsTheirIntent(string split, double least)
    {
        var labelled = (await LabelledAsync()).Where(l => l.Split == split).ToList();
        var wrong = labelled.Select(l => (l.Label, l.Question, Found: Found(l))).Where(l => l.Found != l.Label).ToList();

        var accuracy = 1 - ((double)wrong.Count / labelled.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{split}: {accuracy:P1} of {labelled.Count}"));
        var mistakes = string.Join('\n', wrong.Select(w => $"{w.Question}: {w.Found} instead of {w.Label}"));
        output.WriteLine(mistakes);
        Assert.True(accuracy >= least, $"{accuracy:P1} of {labelled.Count}:\n{mistakes}");
    }

    [Fact]
    public async Task Questions_CoverEveryIntentInBothParts()
    {
        var labelled = await LabelledAsync();

        Assert.True(labelled.Count >= 200, $"{labelled.Count} questions");
        foreach (var part in labelled.GroupBy(l => l.Split))
        {
            Assert.Equal(10, part.Select(l => l.Label.Split(' ')[0]).Distinct().Count());
        }
    }

    private static string Found((string Split, string Label, string Earlier, string Question) labelled)
    {
        var names = new List<Mention>();
        var query = labelled.Question;
        foreach (var (mark, entity) in (ReadOnlySpan<(string, EntityRef)>)[("{A}", Samples.Delta), ("{B}", Samples.Acme), ("{I}", Invoice)])
        {
            query = query.Replace(mark, entity.Name, StringComparison.Ordinal);
        }

        foreach (var entity in new[] { Samples.Delta, Samples.Acme, Invoice }.Where(e => query.Contains(e.Name, StringComparison.Ordinal)))
        {
            names.Add(Samples.Named(query, entity.Name, entity));
        }

        var conversation = labelled.Earlier switch
        {
            "status" => Samples.After("How is Delta Industries doing?", Intent.Status, Samples.Delta),
            "decision" => Samples.After("Should we extend payment terms to Delta Industries?", Intent.Decision, Samples.Delta),
            _ => null,
        };
        var understanding = Samples.Reader.Read(query, conversation, names);
        var intent = understanding.Intent switch
        {
            Intent.DataQuestion => "data_question",
            Intent.FollowUp => "follow_up",
            Intent.OutOfScope => "out_of_scope",
            var other => other.ToString().ToLowerInvariant(),
        };
        return intent + (understanding.Portfolio ? " all" : string.Empty);
    }

    private static async Task<List<(string Split, string Label, string Earlier, string Question)>> LabelledAsync()
    {
        var path = Path.Combine(TestData.RepositoryRoot, "tests", "ContextSynthesis.Tests", "Questions", "intents.txt");
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        return [.. lines.Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('|', 3)).Select(l => l[1].Split(" after ") is [var label, var earlier]
            ? (l[0], label, earlier, l[2])
            : (l[0], l[1], string.Empty, l[2]))];
    }
}
