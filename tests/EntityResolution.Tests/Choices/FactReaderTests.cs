using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Tests.Choices;

public sealed class FactReaderTests
{
    private static readonly CustomerFacts?[] Offered =
    [
        new("C-1", "Columbus", "United States", new DateOnly(2026, 3, 4), 90, "USD"),
        new("C-2", "Frankfurt am Main", "Germany", new DateOnly(2026, 2, 1), 1_200, "USD"),
        new("C-3", "São Paulo", "Brazil", null, 5, "USD"),
    ];

    [Theory]
    [InlineData("the one in Columbus", 0)]
    [InlineData("the Columbus one", 0)]
    [InlineData("columbos", 0)]
    [InlineData("Frankfurt", 1)]
    [InlineData("the one from Frankfurt am Main please", 1)]
    [InlineData("the customer based in germany", 1)]
    [InlineData("sao paulo", 2)]
    [InlineData("the one with the largest balance", 1)]
    [InlineData("the one that owes the most", 1)]
    [InlineData("the one with the lowest balance", 2)]
    [InlineData("the one that ordered last", 0)]
    [InlineData("the one with the latest order", 0)]
    [InlineData("the one with the oldest order", 2)]
    public void Read_Described_GivesTheIndex(string answer, int index) => Assert.Equal(index, FactReader.Read(answer, Offered));

    [Theory]
    [InlineData("the one in Paris")]
    [InlineData("the one")]
    [InlineData("their balance")]
    [InlineData("orders")]
    [InlineData("What is the status of Blue Ocean Foods?")]
    [InlineData("Which customers are in Germany?")]
    public void Read_NotDescribed_GivesNone(string answer) => Assert.Null(FactReader.Read(answer, Offered));

    [Fact]
    public void Read_TwoFit_GivesNone() =>
        Assert.Null(FactReader.Read("the one in Columbus", [Offered[0], Offered[0]! with { CustomerId = "C-9" }]));

    [Fact]
    public void Read_BalancesOfTwoCurrencies_AreNotCompared() =>
        Assert.Null(FactReader.Read("the one with the largest balance", [Offered[0], Offered[1]! with { Currency = "EUR" }]));

    [Fact]
    public void MayTell_LongText_IsAQuestionOfItsOwn() =>
        Assert.False(FactReader.MayTell("Please tell me how much the customer in Columbus owed us at the end of last year"));
}
