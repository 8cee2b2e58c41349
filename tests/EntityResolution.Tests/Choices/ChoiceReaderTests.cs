using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Tests.Choices;

public sealed class ChoiceReaderTests
{
    private static readonly EntityKey[] Offered =
    [
        new("customer", "C-1", "Delta Industries"),
        new("customer", "C-2", "Delta Logistics GmbH"),
        new("customer", "C-3", "Delta Components Ltd"),
    ];

    [Theory]
    [InlineData("1", 0)]
    [InlineData("#2", 1)]
    [InlineData("2.", 1)]
    [InlineData("number 3", 2)]
    [InlineData("option two", 1)]
    [InlineData("the first one", 0)]
    [InlineData("The second", 1)]
    [InlineData("I mean the third one please", 2)]
    [InlineData("2nd", 1)]
    [InlineData("the last one", 2)]
    [InlineData("one", 0)]
    [InlineData("C-2", 1)]
    [InlineData("c-3", 2)]
    [InlineData("Delta Logistics GmbH", 1)]
    [InlineData("delta logistics", 1)]
    [InlineData("the logistics one", 1)]
    [InlineData("logistcs", 1)]
    [InlineData("Industries", 0)]
    public void Read_ClearAnswer_GivesTheIndex(string answer, int index) => Assert.Equal(index, ChoiceReader.Read(answer, Offered));

    [Theory]
    [InlineData("delta")]
    [InlineData("4")]
    [InlineData("0")]
    [InlineData("neither")]
    [InlineData("the one")]
    [InlineData("How many invoices are overdue?")]
    [InlineData("What is the status of Blue Ocean Foods?")]
    [InlineData("🙂")]
    public void Read_UnclearAnswer_GivesNone(string answer) => Assert.Null(ChoiceReader.Read(answer, Offered));

    [Theory]
    [InlineData("the former", 0)]
    [InlineData("the latter", 1)]
    public void Read_OfTwo_KnowsFormerAndLatter(string answer, int index) => Assert.Equal(index, ChoiceReader.Read(answer, Offered[..2]));
}
