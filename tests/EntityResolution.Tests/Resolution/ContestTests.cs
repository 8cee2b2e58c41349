using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Tests.Resolution;

public sealed class ContestTests
{
    private static readonly RegistrySnapshot Names = RegistrySnapshot.Of(
    [
        ("C-1", "Delta Industries"), ("C-2", "Delta Regional Medical Supplies of Northern Ohio Holdings"), ("C-3", "Kestrel Print Works Ltd"), ("C-4", "Omega Fund II LP"),
        ("C-5", "Blue Ocean Foods"), ("C-6", "Blue Ocean Freight"), ("C-7", "Borealis Brewing"),
    ]);

    [Theory]
    [InlineData("Blue Ocean", MentionOutcome.Ambiguous, "C-5,C-6")]
    [InlineData("Delta", MentionOutcome.Ambiguous, "C-1,C-2")]
    [InlineData("Delta Industres", MentionOutcome.Matched, "C-1")]
    [InlineData("Blue Ocean Fods", MentionOutcome.Matched, "C-5")]
    [InlineData("Kestrel", MentionOutcome.Matched, "C-3")]
    [InlineData("Borealis", MentionOutcome.Matched, "C-7")]
    [InlineData("Omega Fund III", MentionOutcome.NotFound, "C-4")]
    [InlineData("Quuxly Frobnicators", MentionOutcome.NotFound, "")]
    public void Decide_Words_AreTakenAskedBackOrNotFound(string words, object outcome, string first)
    {
        var question = QuestionText.Read(words);
        var contest = Contest.Decide(question, new Span(0, question.Words.Count - 1), Names.Like([.. question.Words.Select(w => w.Name)], 30), Names, new ResolutionOptions());
        Assert.Equal((MentionOutcome)outcome, contest.Outcome);
        Assert.StartsWith(first, string.Join(',', contest.Candidates.Select(c => c.Entity.Id).Order()), StringComparison.Ordinal);
        Assert.All(contest.Candidates, c => Assert.InRange(c.Confidence, 0, 1));
    }
}
