using Platform.GroundingCases;
using Platform.ResponseGeneration.Gates;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

/// <summary>
/// Q6 on fixed seeds, at the bar itself: what is invented is caught, what is true is not flagged. `grounding` of
/// Platform.Benchmarks measures it on 1,500 answers of each kind.
/// </summary>
public sealed class GroundingTests(ITestOutputHelper output)
{
    private const int Cases = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_AlteredAnswers_AreCaught(bool unseen)
    {
        var missed = Wrong(faithful: false, unseen);

        Assert.True(missed.Count <= 0.01 * Cases, $"{missed.Count} of {Cases} altered answers were not caught");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_FaithfulAnswers_AreNotFlagged(bool unseen)
    {
        var flagged = Wrong(faithful: true, unseen);

        Assert.True(flagged.Count <= 0.01 * Cases, $"{flagged.Count} of {Cases} faithful answers were flagged");
    }

    private List<GroundingCase> Wrong(bool faithful, bool unseen)
    {
        var wrong = new List<GroundingCase>();
        for (var seed = 0; seed < Cases; seed++)
        {
            var example = GroundingCaseMaker.Make(seed, faithful, unseen);
            var report = QualityGates.Check(example.Text, example.Context, Contexts.Find(example.Culture));
            if (report.IsGrounded != faithful)
            {
                wrong.Add(example);
                output.WriteLine($"{seed} {example.Kind} {example.Altered} {string.Join("; ", report.Gates.Where(g => !g.Passed && g.Gate != "completeness").Select(g => g.Reason))}\n    {example.Text.ReplaceLineEndings(" / ")}");
            }
        }

        return wrong;
    }
}
