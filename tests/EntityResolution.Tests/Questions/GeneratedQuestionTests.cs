using Platform.Testing;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>A thousand and more questions over two registries: what share of mentions is found, and how many are made up.</summary>
public sealed class GeneratedQuestionTests(PlatformServers servers, ITestOutputHelper output)
{
    private const double LeastRecall = 0.98;
    private const double MostFalse = 0.005;
    private const int Seed = 4711;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_GeneratedQuestionsOverInventedNames_FindsNearlyAllAndMakesUpNearlyNone() =>
        Check(await AskAsync(GeneratedRegistry.Companies(), 1_300));

    [Fact]
    public async Task Resolve_GeneratedQuestionsOverSecRegistrants_FindsNearlyAllAndMakesUpNearlyNone() =>
        Check(await AskAsync(SecRegistrants.Read(), 1_300));

    private void Check(QuestionReport report)
    {
        output.WriteLine(report.ToString());
        foreach (var failure in report.Failures)
        {
            output.WriteLine(failure);
        }

        Assert.True(report.Recall >= LeastRecall, $"Recall {report.Recall:P2}, at least {LeastRecall:P0} is asked for.\n{report}");
        Assert.True(report.FalseMentions <= MostFalse, $"{report.FalseMentions:P2} of the questions got a mention that nobody made, at most {MostFalse:P1} is allowed.\n{report}");
    }

    private async Task<QuestionReport> AskAsync(IReadOnlyList<Company> companies, int count)
    {
        await using var registry = await QuestionRegistry.CreateAsync(servers, companies, Token);
        return await registry.AskAsync(companies, count, Seed, Token);
    }
}
