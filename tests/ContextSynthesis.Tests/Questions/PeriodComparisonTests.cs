using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Questions;

public sealed class PeriodComparisonTests
{
    [Theory]
    [InlineData("What was our revenue last quarter compared to the quarter before?")]
    [InlineData("revenue this year vs last year")]
    [InlineData("how did invoiced amounts change from September to October?")]
    [InlineData("compare revenue in Q1 and Q2")]
    [InlineData("How many orders were placed last month versus a year earlier?")]
    [InlineData("Did we invoice more in October 2026 than in September 2026, in total?")]
    [InlineData("how has the number of orders developed between 2025 and 2026")]
    [InlineData("Compare invoiced amounts this month with the same month last year")]
    public void Read_TwoTimesOfOneFigure_IsADataQuestion(string query)
    {
        var understanding = Samples.Read(query);

        Assert.True(understanding is { Intent: Intent.DataQuestion, NeedsDataQuestion: true, NeedsEntity: false }, understanding.ToString());
    }

    [Fact]
    public void Read_TwoTimesOfOneCustomer_IsADataQuestionAboutIt()
    {
        var understanding = Samples.Read("revenue of Delta Industries this year vs last year", null, ("Delta Industries", Samples.Delta));

        Assert.Equal((Intent.DataQuestion, Samples.Delta), (understanding.Intent, Assert.Single(understanding.Entities)));
    }

    [Theory]
    [InlineData("Which customers pay later this year than last year?", Intent.Pattern)]
    [InlineData("Compare the customers", Intent.Comparison)]
    [InlineData("What changed in the payment behaviour of our customers last quarter?", Intent.Pattern)]
    [InlineData("How many orders were placed last month?", Intent.DataQuestion)]
    public void Read_OtherQuestionsAboutChange_KeepTheirIntent(string query, Intent intent) => Assert.Equal(intent, Samples.Read(query).Intent);
}
