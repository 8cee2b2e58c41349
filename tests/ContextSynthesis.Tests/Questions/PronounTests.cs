using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Questions;

public sealed class PronounTests
{
    [Theory]
    [InlineData("why does it pay later?", "Why does Delta Industries pay later?", Intent.Status)]
    [InlineData("is it reliable?", "Is Delta Industries reliable?", Intent.Status)]
    [InlineData("how much does it owe?", "How much does Delta Industries owe?", Intent.Status)]
    [InlineData("when did it last order?", "When did Delta Industries last order?", Intent.Status)]
    [InlineData("does it still order?", "Does Delta Industries still order?", Intent.Status)]
    [InlineData("is it likely to be late because of its disputes?", "Is Delta Industries likely to be late because of Delta Industries' disputes?", Intent.Status)]
    [InlineData("and how late does it usually pay?", "And how late does Delta Industries usually pay?", Intent.Status)]
    [InlineData("has it changed lately?", "Has Delta Industries changed lately?", Intent.Pattern)]
    [InlineData("can we trust it?", "Can we trust Delta Industries?", Intent.Status)]
    [InlineData("should we chase it?", "Should we chase Delta Industries?", Intent.Decision)]
    public void Read_It_IsTheCustomerOfTheConversation(string query, string standalone, Intent intent)
    {
        var understanding = AfterStatus(query);

        Assert.Equal((standalone, intent), (understanding.StandaloneQuery, understanding.Intent));
        Assert.Equal(Samples.Delta, Assert.Single(understanding.Entities));
    }

    [Theory]
    [InlineData("is it wise to extend terms?", "Is it wise to extend terms for Delta Industries?")]
    [InlineData("is it worth offering a discount?", "Is it worth offering a discount for Delta Industries?")]
    [InlineData("would it be safe to raise the credit limit?", "Would it be safe to raise the credit limit for Delta Industries?")]
    [InlineData("is it true that invoices are overdue?", "Is it true that invoices are overdue?")]
    [InlineData("does it matter?", "Does it matter?")]
    [InlineData("is it usual to pay late?", "Is it usual to pay late?")]
    [InlineData("what time is it?", "What time is it?")]
    public void Read_ItThatStandsForNoOne_StaysIt(string query, string standalone) => Assert.Equal(standalone, AfterStatus(query).StandaloneQuery);

    [Fact]
    public void Read_ItWithoutConversation_NeedsEntity()
    {
        var understanding = Samples.Read("does it pay late?");

        Assert.True(understanding.NeedsEntity);
        Assert.Empty(understanding.Entities);
    }

    [Theory]
    [InlineData("what would change your mind?")]
    [InlineData("What would change that?")]
    [InlineData("what would have to change?")]
    [InlineData("and what could change the recommendation?")]
    [InlineData("what if it paid on time?")]
    public void Read_WhatWouldChangeADecision_WeighsItAgain(string query)
    {
        var understanding = Samples.Read(query, Samples.After("Should we raise the credit limit of Delta Industries?", Intent.Decision, Samples.Delta));

        Assert.Equal((Intent.Decision, "change_credit_limit", false), (understanding.Intent, understanding.Framework, understanding.Portfolio));
        Assert.Equal(Samples.Delta, Assert.Single(understanding.Entities));
    }

    [Fact]
    public void Read_WhatWouldChangeWithoutADecision_IsNone() =>
        Assert.NotEqual(Intent.Decision, AfterStatus("what would change that?").Intent);

    private static Understanding AfterStatus(string query) => Samples.Read(query, Samples.After("What is the status of Delta Industries?", Intent.Status, Samples.Delta));
}
