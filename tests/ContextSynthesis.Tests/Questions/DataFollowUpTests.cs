using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Questions;

/// <summary>A follow-up of a data question is that question with one part exchanged; what cannot be completed is said to be unclear.</summary>
public sealed class DataFollowUpTests
{
    private const string Invoiced = "How much did we invoice in October 2026?";
    private const string Placed = "How many orders were placed last week?";
    private const string Overdue = "How many invoices are overdue?";

    [Theory]
    [InlineData(Invoiced, "and last year?", "How much did we invoice last year?")]
    [InlineData(Invoiced, "And in September?", "How much did we invoice in September?")]
    [InlineData(Invoiced, "and between March and May?", "How much did we invoice between March and May?")]
    [InlineData(Invoiced, "and from Q4 2025 to Q1 2026?", "How much did we invoice from Q4 2025 to Q1 2026?")]
    [InlineData("How many orders were placed between March and May?", "and in June?", "How many orders were placed in June?")]
    [InlineData("How many orders were placed from March to May?", "and last year?", "How many orders were placed last year?")]
    [InlineData(Invoiced, "what about Q3 2026?", "How much did we invoice in Q3 2026?")]
    [InlineData(Invoiced, "2025?", "How much did we invoice in 2025?")]
    [InlineData(Invoiced, "how much was it last month?", "How much did we invoice last month?")]
    [InlineData(Invoiced, "and the month before?", "How much did we invoice in the month before October 2026?")]
    [InlineData(Invoiced, "and the same month last year?", "How much did we invoice in the year before October 2026?")]
    [InlineData(Invoiced, "and a year earlier?", "How much did we invoice in the year before October 2026?")]
    [InlineData(Placed, "and the week before?", "How many orders were placed in the week before last week?")]
    [InlineData(Placed, "and the one before?", "How many orders were placed in the period before last week?")]
    [InlineData("How many orders were placed in the week before last week?", "and the week before that?", "How many orders were placed in the week before week before last week?")]
    [InlineData("What was our revenue since 2026-03-01?", "and since 2026-06-01?", "What was our revenue since 2026-06-01?")]
    [InlineData("How much did we invoice since June?", "and since last month?", "How much did we invoice since last month?")]
    [InlineData(Invoiced, "and since September 2025?", "How much did we invoice since September 2025?")]
    [InlineData(Invoiced, "and since the start of the year?", "How much did we invoice since the start of the year?")]
    [InlineData("How many orders were placed in the last 30 days?", "and in the last 60 days?", "How many orders were placed in the last 60 days?")]
    public void Read_AnotherTime_ExchangesIt(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("How many orders were delivered last month?", "and late?", "How many orders were delivered late last month?")]
    [InlineData("How many orders were delivered last month?", "only the late ones", "How many orders were delivered late last month?")]
    [InlineData("How many orders were delivered late last month?", "and on time?", "How many orders were delivered on time last month?")]
    [InlineData("How many invoices were paid last month?", "and late?", "How many invoices were paid late last month?")]
    [InlineData("How many invoices were paid late last month?", "and on time?", "How many invoices were paid on time last month?")]
    [InlineData("How many invoices have been paid last month?", "and late?", "How many invoices have been paid late last month?")]
    [InlineData("How many orders have not yet been delivered?", "and the late ones?", "How many late orders have not yet been delivered?")]
    [InlineData("How many orders are not delivered?", "and the late ones?", "How many late orders are not delivered?")]
    public void Read_LateOrOnTime_IsHowItEnded(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData(Invoiced, "and in Germany?", "How much did we invoice in October 2026 in Germany?")]
    [InlineData(Invoiced, "and in the United States?", "How much did we invoice in October 2026 in the United States?")]
    [InlineData("How much did we invoice in October 2026 in Germany?", "and for France?", "How much did we invoice in October 2026 in France?")]
    [InlineData(Invoiced, "only in EUR", "How much did we invoice in October 2026 in EUR?")]
    [InlineData("How much did we invoice in October 2026 in EUR?", "and USD?", "How much did we invoice in October 2026 in USD?")]
    [InlineData(Invoiced, "by customer", "How much did we invoice in October 2026 by customer?")]
    [InlineData(Invoiced, "break it down by country please", "How much did we invoice in October 2026 by country?")]
    [InlineData("How much did we invoice in October 2026 by customer?", "per country instead", "How much did we invoice in October 2026 per country?")]
    [InlineData(Overdue, "only those over 5,000", "How many invoices are overdue over 5,000?")]
    [InlineData("How many invoices are overdue over 5,000?", "and over 10k?", "How many invoices are overdue over 10k?")]
    [InlineData(Invoiced, "and in Germany by industry?", "How much did we invoice in October 2026 in Germany by industry?")]
    [InlineData(Invoiced, "in Germany, in EUR", "How much did we invoice in October 2026 in Germany in EUR?")]
    [InlineData("Top 3 customers by revenue in EUR", "and the top 10?", "Top 10 customers by revenue in EUR?")]
    [InlineData("Top 3 customers by revenue in EUR", "in USD", "Top 3 customers by revenue in USD?")]
    [InlineData(Invoiced, "and on average?", "How much did we invoice in October 2026 on average?")]
    [InlineData("How many payments by card in 2025?", "and by bank transfer?", "How many payments in 2025 by bank transfer?")]
    [InlineData("Top 5 customers by revenue this year", "and by number of orders?", "Top 5 customers this year by number of orders?")]
    [InlineData("Top 5 customers by overdue amount in EUR", "by revenue", "Top 5 customers in EUR by revenue?")]
    [InlineData("How many customers in Hamburg?", "and in Rotterdam?", "How many customers in Rotterdam?")]
    [InlineData("how many customers in hamburg?", "and in rotterdam?", "How many customers in rotterdam?")]
    [InlineData("How many customers in Hamburg and Lyon have overdue invoices?", "and in New York?", "How many customers have overdue invoices in New York?")]
    [InlineData("How much did we invoice in October 2026 in Hamburg?", "and in São Paulo?", "How much did we invoice in October 2026 in São Paulo?")]
    [InlineData("How much did we invoice in October 2026 in Hamburg?", "and in Germany?", "How much did we invoice in October 2026 in Germany?")]
    [InlineData("How much did we invoice in October 2026 in Hamburg?", "and in 2025?", "How much did we invoice in Hamburg in 2025?")]
    [InlineData("Revenue in the chemicals industry", "and in Hamburg?", "Revenue in the chemicals industry in Hamburg?")]
    [InlineData("How many invoices are in dispute?", "and in Hamburg?", "How many invoices are in dispute in Hamburg?")]
    public void Read_AnotherPlaceCurrencyGroupingOrBound_ExchangesIt(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData(Invoiced, "only the overdue ones", "How much did we invoice in October 2026 of overdue invoices?")]
    [InlineData(Placed, "just the rush ones", "How many rush orders were placed last week?")]
    [InlineData(Placed, "only urgent", "How many urgent orders were placed last week?")]
    [InlineData(Overdue, "only the disputed ones", "How many disputed invoices are overdue?")]
    [InlineData(Overdue, "and the disputed ones?", "How many disputed invoices?")]
    [InlineData(Overdue, "the oldest one", "What is the oldest overdue invoice?")]
    [InlineData(Overdue, "and the largest ones?", "What are the largest overdue invoices?")]
    [InlineData("List overdue invoices in Germany", "which is the oldest one?", "What is the oldest overdue invoice in Germany?")]
    [InlineData("How many rush orders were placed last week?", "and the high priority ones?", "How many high priority orders were placed last week?")]
    [InlineData(Placed, "and payments?", "How many payments were placed last week?")]
    [InlineData(Overdue, "what about open orders?", "How many open orders?")]
    [InlineData(Invoiced, "and orders?", "What is the total amount of orders in October 2026?")]
    public void Read_OtherRows_ExchangesThem(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("What was the largest payment in 2025?", "who made it?", "Which customer has the largest payment in 2025?")]
    [InlineData("What was the largest order last year in EUR?", "and who placed it?", "Which customer has the largest order last year in EUR?")]
    [InlineData("show me the oldest overdue invoice", "whose is it?", "Which customer has the oldest overdue invoice?")]
    [InlineData("Smallest open invoice in USD?", "which customer is that?", "Which customer has the Smallest open invoice in USD?")]
    [InlineData("What was the largest payment in 2025?", "from whom?", "Which customer has the largest payment in 2025?")]
    [InlineData(Placed, "which customers placed them?", "Which customers placed orders last week?")]
    [InlineData(Placed, "who placed them?", "Which customers placed orders last week?")]
    [InlineData(Placed, "how many of them are rush?", "How many orders last week are rush?")]
    [InlineData(Placed, "list them", "List orders last week")]
    [InlineData(Placed, "show me those", "List orders last week")]
    [InlineData(Overdue, "which ones?", "List overdue invoices")]
    [InlineData(Overdue, "how much are they worth in total?", "What is the total amount of overdue invoices?")]
    public void Read_Them_IsWhatWasCounted(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("Which customers did not order last month?", "which of them are in Hamburg?", "Which customers did not order last month in Hamburg?")]
    [InlineData("Which customers have overdue invoices in France?", "and which of them are from Germany?", "Which customers have overdue invoices from Germany?")]
    [InlineData("Who hasn't paid this year?", "who of them is based in New York?", "Who hasn't paid this year in New York?")]
    public void Read_WhichOfThemAreInAPlace_IsTheSameQuestionThere(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    /// <summary>The other end of a ranking, or one of the rows that were counted.</summary>
    [Theory]
    [InlineData("Which month had the highest revenue in EUR?", "and the lowest?", "Which month had the lowest revenue in EUR?")]
    [InlineData("Which customer has the most overdue invoices?", "and the fewest?", "Which customer has the fewest overdue invoices?")]
    [InlineData("Top 5 customers by revenue", "what about the lowest?", "Lowest 5 customers by revenue?")]
    [InlineData("How many invoices are overdue?", "which are the largest?", "What are the largest overdue invoices?")]
    [InlineData("How many invoices are overdue?", "which one is the oldest?", "What is the oldest overdue invoice?")]
    [InlineData("What share of revenue is from Germany?", "and from France?", "What share of revenue is from France?")]
    public void Read_OtherRank_TakesThePlaceOfTheFirst(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("How many invoices were overdue at the end of October?", "and at the end of September?", "How many invoices were overdue at the end of September?")]
    [InlineData("How many invoices were overdue at the end of October?", "and in September?", "How many invoices were overdue at the end of September?")]
    [InlineData("How many invoices are overdue?", "and as of 2026-06-30?", "How many invoices are overdue as of 2026-06-30?")]
    public void Read_AnotherDay_IsTheDayThatRowsAreToldOf(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("How many customers ordered last month?", "which ones are new?", "Which customers that ordered last month are new?")]
    [InlineData("How many customers ordered last month?", "how many of them are in Hamburg?", "How many customers that ordered last month are in Hamburg?")]
    [InlineData("How many customers have overdue invoices?", "which of them are in Germany?", "Which customers that have overdue invoices are in Germany?")]
    [InlineData("Which customers paid late this year?", "list them", "List customers that paid late this year")]
    [InlineData("Which customers have overdue invoices in France?", "which ones are from Germany?", "Which customers have overdue invoices from Germany?")]
    public void Read_ThemOfCustomersByWhatTheyDid_AreTheCustomers(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("How many customers have not ordered this year?", "list them", "List customers that have not ordered this year")]
    [InlineData("Who did not pay last month?", "how many of them are in Germany?", "How many customers that did not pay last month are in Germany?")]
    [InlineData("How many customers owe us nothing?", "which ones?", "List customers that owe us nothing")]
    [InlineData("How many customers without overdue invoices in France?", "list them", "List customers without overdue invoices in France")]
    [InlineData("How many orders have not been shipped?", "show me those", "List orders that have not been shipped")]
    [InlineData("How many invoices are not paid this year?", "list them", "List invoices that are not paid this year")]
    public void Read_ThemOfWhatDidNotHappen_AreThoseOnly(string earlier, string query, string standalone) => Completes(earlier, query, standalone);

    [Theory]
    [InlineData("and in Atlantis?", "How much did we invoice in October 2026 in Atlantis?")]
    [InlineData("by flavour", "How much did we invoice in October 2026 by flavour?")]
    [InlineData("only the purple ones", "How much did we invoice in October 2026 of purple invoices?")]
    public void Read_UnknownPart_StaysInForTheRefusalToName(string query, string standalone) => Completes(Invoiced, query, standalone);

    [Theory]
    [InlineData(Invoiced, "and purple?")]
    [InlineData(Invoiced, "what about the colour of it?")]
    [InlineData(Overdue, "and the week before?")]
    [InlineData("Top 3 customers by revenue in EUR", "how many of them are in Germany?")]
    [InlineData(Placed, "and the top 10?")]
    public void Read_FollowUpThatCannotBeCompleted_IsUnclear(string earlier, string query)
    {
        var understanding = Samples.Read(query, Samples.After(earlier, Intent.DataQuestion));

        Assert.Equal(Intent.FollowUp, understanding.Intent);
        Assert.False(understanding.NeedsDataQuestion);
    }

    [Theory]
    [InlineData("How many customers are on hold?", Intent.DataQuestion)]
    [InlineData("Overdue invoices in EUR", Intent.DataQuestion)]
    [InlineData("Total open balance in EUR", Intent.DataQuestion)]
    [InlineData("What is the weather in Paris?", Intent.OutOfScope)]
    [InlineData("Thanks", Intent.Greeting)]
    [InlineData("Which customers started paying later?", Intent.Pattern)]
    public void Read_QuestionOfItsOwn_IsNoFollowUp(string query, Intent intent)
    {
        var understanding = Samples.Read(query, Samples.After(Invoiced, Intent.DataQuestion));

        Assert.Equal((intent, false, query), (understanding.Intent, understanding.IsFollowUp, understanding.StandaloneQuery));
    }

    [Fact]
    public void Read_NameOfItsOwn_IsNoFollowUp()
    {
        var understanding = Samples.Read("What is the status of Delta Industries?", Samples.After(Invoiced, Intent.DataQuestion), ("Delta Industries", Samples.Delta));

        Assert.Equal((Intent.Status, false), (understanding.Intent, understanding.IsFollowUp));
    }

    [Theory]
    [InlineData("How many orders were placed last week?", "How many orders were placed last week for Acme Supplies Ltd?")]
    [InlineData("How many orders did Delta Industries place last week?", "How many orders did Acme Supplies Ltd place last week?")]
    public void Read_AnotherName_AsksTheSameOfIt(string earlier, string standalone)
    {
        var understanding = Samples.Read("and for Acme?", Samples.After(earlier, Intent.DataQuestion, Samples.Delta), ("Acme", Samples.Acme));

        Assert.Equal((Intent.DataQuestion, standalone), (understanding.Intent, understanding.StandaloneQuery));
        Assert.Equal(Samples.Acme, Assert.Single(understanding.Entities));
    }

    [Fact]
    public void Read_CustomerOfAnEarlierQuestion_DoesNotEnterAQuestionAboutNobody()
    {
        const string query = "which customers placed them?";
        var mention = Samples.Named(query, "them", Samples.Delta, 0.85);
        mention.Match.MatchType = Contracts.EntityResolution.V1.MatchType.Conversation;

        var understanding = Samples.Reader.Read(query, Samples.After(Placed, Intent.DataQuestion, Samples.Delta), [mention]);

        Assert.Equal("Which customers placed orders last week?", understanding.StandaloneQuery);
        Assert.Empty(understanding.Entities);
    }

    private static void Completes(string earlier, string query, string standalone)
    {
        var understanding = Samples.Read(query, Samples.After(earlier, Intent.DataQuestion));

        Assert.Equal(standalone, understanding.StandaloneQuery);
        Assert.True(understanding is { Intent: Intent.DataQuestion, IsFollowUp: true, NeedsDataQuestion: true, NeedsEntity: false });
        Assert.Empty(understanding.Entities);
    }
}
