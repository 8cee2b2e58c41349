using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.Memory.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Questions;

/// <summary>Rows of a listed answer are spoken of by number, and the only one by pronoun.</summary>
public sealed class ListedRowTests
{
    private static readonly EntityRef Birch = new() { Type = EntityType.Customer, Id = "CUS-00003", Name = "Birch & Sons" };
    private static readonly EntityRef Invoice = new() { Type = EntityType.Invoice, Id = "INV-1", Name = "INV-10233" };

    [Theory]
    [InlineData("what is the status of the first one?", "What is the status of Delta Industries?", "CUS-00001")]
    [InlineData("show me the invoices of the second one", "Show me the invoices of Acme Supplies Ltd", "CUS-00002")]
    [InlineData("what about the third?", "What is the status of Birch & Sons?", "CUS-00003")]
    [InlineData("how much does the last one owe?", "How much does Birch & Sons owe?", "CUS-00003")]
    [InlineData("status of number 2", "Status of Acme Supplies Ltd", "CUS-00002")]
    [InlineData("what patterns do you see with #2?", "What patterns do you see with Acme Supplies Ltd?", "CUS-00002")]
    [InlineData("should we raise the credit limit of the 2nd customer?", "Should we raise the credit limit of Acme Supplies Ltd?", "CUS-00002")]
    public void Read_RowByNumber_IsThatCustomer(string query, string standalone, string id)
    {
        var understanding = Samples.Read(query, AfterTop3());

        Assert.Equal((standalone, id, true), (understanding.StandaloneQuery, Assert.Single(understanding.Entities).Id, understanding.IsFollowUp));
    }

    [Fact]
    public void Read_NextRow_AsksTheSameAboutIt()
    {
        var conversation = AfterTop3("Show me the invoices of Acme Supplies Ltd");
        conversation.Entities.Add(Samples.Acme);
        conversation.Listed.Insert(0, Invoice);

        var understanding = Samples.Read("what about the third?", conversation);

        Assert.Equal("Show me the invoices of Birch & Sons?", understanding.StandaloneQuery);
        Assert.Equal(Birch, Assert.Single(understanding.Entities));
    }

    [Theory]
    [InlineData("what is the status of the first one?")]
    [InlineData("what is the status of the first invoice?")]
    public void Read_NewestList_IsMeant(string query)
    {
        var conversation = AfterTop3();
        conversation.Listed.Insert(0, Invoice);

        Assert.Equal(Invoice, Assert.Single(Samples.Read(query, conversation).Entities));
    }

    [Fact]
    public void Read_WhichOfThem_ComparesTheRows()
    {
        var understanding = Samples.Read("which of them pays late?", AfterTop3());

        Assert.Equal(("Which of Delta Industries, Acme Supplies Ltd and Birch & Sons pays late?", Intent.Comparison, 3), (understanding.StandaloneQuery, understanding.Intent, understanding.Entities.Count));
    }

    [Fact]
    public void Read_WhichOfTheListedAreInAPlace_AsksTheDataAgain()
    {
        var conversation = Samples.After("Which customers have not ordered this year?", Intent.DataQuestion);
        conversation.Listed.AddRange(AfterTop3().Listed);

        var understanding = Samples.Read("which of them are in Hamburg?", conversation);

        Assert.Equal(("Which customers have not ordered this year in Hamburg?", true), (understanding.StandaloneQuery, understanding.NeedsDataQuestion));
    }

    [Fact]
    public void Read_ListThemAfterOneRow_ListsItAgain()
    {
        var conversation = Samples.After("Which customers did not pay last month in Hamburg?", Intent.DataQuestion, Samples.Delta);
        conversation.Listed.Add(Samples.Delta);

        Assert.Equal("List customers that did not pay last month in Hamburg", Samples.Read("list them", conversation).StandaloneQuery);
    }

    [Theory]
    [InlineData("and how much does it owe?", "And how much does Delta Industries owe?")]
    [InlineData("how much do they owe?", "How much do Delta Industries owe?")]
    public void Read_PronounAfterOneRow_IsThatRow(string query, string standalone)
    {
        var conversation = Samples.After("Which customers exceed their credit limit?", Intent.DataQuestion, Samples.Delta);
        conversation.Listed.Add(Samples.Delta);

        var understanding = Samples.Read(query, conversation);

        Assert.Equal((standalone, Samples.Delta), (understanding.StandaloneQuery, Assert.Single(understanding.Entities)));
    }

    [Theory]
    [InlineData("what is the status of the fifth one?")]
    [InlineData("and number 12?")]
    public void Read_RowThatWasNotListed_IsUnclear(string query) => Assert.Equal(Intent.FollowUp, Samples.Read(query, AfterTop3()).Intent);

    [Theory]
    [InlineData("How much did we invoice in the first quarter of 2026?")]
    [InlineData("How many orders were placed before the second of October?")]
    [InlineData("What was the last order?")]
    public void Read_OrdinalOfSomethingElse_IsNoRow(string query) => Assert.Empty(Samples.Read(query, AfterTop3()).Entities);

    [Fact]
    public void Read_NumberWithoutAList_IsNoRow() => Assert.Empty(Samples.Read("what is the status of the first one?", Samples.After("Top 3 customers by revenue", Intent.DataQuestion)).Entities);

    private static Conversation AfterTop3(string lastQuery = "Top 3 customers by revenue in EUR")
    {
        var conversation = Samples.After(lastQuery, Intent.DataQuestion);
        conversation.Listed.AddRange([Samples.Delta, Samples.Acme, Birch]);
        return conversation;
    }
}
