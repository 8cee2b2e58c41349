using Microsoft.Extensions.DependencyInjection;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Resolution;

public sealed class EntityResolverTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private static readonly EntityKey DeltaIndustries = new("customer", "C-1", "Delta Industries");

    [Theory]
    [InlineData("What is the status of Delta Industries?", "C-1", MatchKind.Exact)]
    [InlineData("status of delta industries", "C-1", MatchKind.Exact)]
    [InlineData("WHAT DOES DELTA INDUSTRIES OWE", "C-1", MatchKind.Exact)]
    [InlineData("What is Delta Industries' balance?", "C-1", MatchKind.Exact)]
    [InlineData("What is Delta Industries’s balance?", "C-1", MatchKind.Exact)]
    [InlineData("Delta Industries, Inc. is late", "C-1", MatchKind.Exact)]
    [InlineData("Remember that Delta Industries prefers calls on Fridays", "C-1", MatchKind.Exact)]
    [InlineData("status of delta industires", "C-1", MatchKind.Fuzzy)]
    [InlineData("status of Detla Industries", "C-1", MatchKind.Fuzzy)]
    [InlineData("how is deltaindustries doing", "C-1", MatchKind.Fuzzy)]
    [InlineData("industries delta status", "C-1", MatchKind.Fuzzy)]
    [InlineData("Delta Logistics", "C-2", MatchKind.Exact)]
    [InlineData("balance of delta logistics ag", "C-2", MatchKind.Exact)]
    [InlineData("What does big d owe us?", "C-1", MatchKind.Alias)]
    [InlineData("muller and sohne invoices", "C-5", MatchKind.Exact)]
    [InlineData("Tell me about MÜLLER & SÖHNE", "C-5", MatchKind.Exact)]
    [InlineData("How is IBM doing?", "C-6", MatchKind.Acronym)]
    [InlineData("Intl Business Machines status", "C-6", MatchKind.Exact)]
    [InlineData("How much does McDonald's owe?", "C-7", MatchKind.Exact)]
    [InlineData("status of blue ocean fods", "C-8", MatchKind.Fuzzy)]
    [InlineData("what does 0625-tnjfg owe", "0625-TNJFG", MatchKind.Exact)]
    [InlineData("0625-TNJFG's balance?", "0625-TNJFG", MatchKind.Exact)]
    [InlineData("Is C-13 late?", "C-13", MatchKind.Exact)]
    [InlineData("status of kestrel", "C-13", MatchKind.Exact)]
    [InlineData("status of Kestrel Print Wroks", "C-14", MatchKind.Fuzzy)]
    [InlineData("Johnson and Johnson balance", "C-15", MatchKind.Exact)]
    [InlineData("Should we extend terms for Target?", "C-3", MatchKind.Exact)]
    [InlineData("Target's open invoices", "C-3", MatchKind.Exact)]
    [InlineData("status of target", "C-3", MatchKind.Exact)]
    [InlineData("How is customer target paying?", "C-3", MatchKind.Exact)]
    [InlineData("orders of global logistics", "C-4", MatchKind.Exact)]
    [InlineData("orders from global logistics", "C-4", MatchKind.Exact)]
    [InlineData("What do customers like Delta Industries owe?", "C-1", MatchKind.Exact)]
    public async Task Resolve_OneName_MatchesIt(string text, string id, object kind)
    {
        var mention = Assert.Single((await ResolveAsync(text)).Mentions);
        Assert.Equal(MentionOutcome.Matched, mention.Outcome);
        Assert.Equal(id, mention.Match!.Entity.Id);
        Assert.Equal((MatchKind)kind, mention.Match.Kind);
        Assert.NotEmpty(mention.Match.Explanation);
        Assert.InRange(mention.Match.Confidence, 0.6, 1);
    }

    [Theory]
    [InlineData("How many invoices are overdue?")]
    [InlineData("Hello")]
    [InlineData("Hi there, how are you?")]
    [InlineData("What can you do?")]
    [InlineData("Who are our top 5 customers?")]
    [InlineData("Which customers in Germany pay late?")]
    [InlineData("What is the total revenue in Q3 2025?")]
    [InlineData("Are we on target this month?")]
    [InlineData("what is the target for march")]
    [InlineData("Target for next quarter?")]
    [InlineData("What does our global logistics team cost?")]
    [InlineData("Revenue by month for 2025 in EUR")]
    [InlineData("List all customers in Lyon")]
    [InlineData("List all customers from Lyon")]
    [InlineData("Customers from Delta")]
    [InlineData("show overdue invoces")]
    [InlineData("What is the average payment delay per segment?")]
    [InlineData("Which customers are over their credit limit?")]
    [InlineData("Which industries have the highest risk?")]
    [InlineData("Do customers in the Food & Freight industry pay on time?")]
    [InlineData("How do I export a report to Excel?")]
    [InlineData("Thanks, that's great!")]
    [InlineData("🙂🙂🙂")]
    [InlineData("؟؟ مرحبا")]
    public async Task Resolve_NoName_FindsNothing(string text) => Assert.Empty((await ResolveAsync(text)).Mentions);

    [Fact]
    public async Task Resolve_SeveralNames_FindsEachInOrder()
    {
        var mentions = (await ResolveAsync("Compare Delta Industries and delta logistics gmbh with Blue Ocean Foods")).Mentions;
        Assert.Equal(["C-1", "C-2", "C-8"], mentions.Select(m => m.Match!.Entity.Id));
    }

    [Theory]
    [InlineData("Compare Delta Logistics GmbH and Delta Industries", "C-2 C-1")]
    [InlineData("Compare Delta Industries and Blue Ocean Foods", "C-1 C-8")]
    [InlineData("compare Delta Industries and Northwind", "C-1 Northwind")]
    [InlineData("compare Quuxly and Delta Industries", "Quuxly C-1")]
    public async Task Resolve_NamesJoinedByAnd_AreEachFoundOrSaidToBeUnknown(string text, string expected)
    {
        var mentions = (await ResolveAsync(text)).Mentions;
        Assert.Equal(expected, string.Join(' ', mentions.Select(m => m.Match?.Entity.Id ?? text.Substring(m.Start, m.Length))));
        Assert.All(mentions, m => Assert.NotEqual(MentionOutcome.Ambiguous, m.Outcome));
    }

    [Fact]
    public async Task Resolve_SharedWord_AsksWithWhatTellsApart()
    {
        var mention = Assert.Single((await ResolveAsync("How is Delta doing?")).Mentions);
        Assert.Equal(MentionOutcome.Ambiguous, mention.Outcome);
        Assert.Null(mention.Match);
        Assert.Equal(["C-1", "C-2"], mention.Candidates.Select(c => c.Entity.Id).Order());
        var industries = mention.Candidates.Single(c => c.Entity.Id == "C-1").Distinguishing;
        Assert.Equal("Columbus, United States", industries["city"]);
        Assert.Equal("2026-03-04", industries["last order"]);
        Assert.Equal("90.00 USD", industries["balance"]);
    }

    [Fact]
    public async Task Resolve_TwoCustomersOfOneName_Asks()
    {
        var mention = Assert.Single((await ResolveAsync("status of Twin Peaks")).Mentions);
        Assert.Equal(MentionOutcome.Ambiguous, mention.Outcome);
        Assert.Equal(["Graz, Austria", "Linz, Austria"], mention.Candidates.Select(c => c.Distinguishing["city"]).Order());
    }

    [Fact]
    public async Task Resolve_SharedWordInConversation_MeansTheOneSpokenOf()
    {
        var mention = Assert.Single((await ResolveAsync("How is Delta doing?", DeltaIndustries)).Mentions);
        Assert.Equal("C-1", mention.Match!.Entity.Id);
        Assert.Equal(MatchKind.Conversation, mention.Match.Kind);
    }

    [Theory]
    [InlineData("How much do they owe?", 12, 4)]
    [InlineData("and last year?", 0, 0)]
    [InlineData("What about that customer?", 11, 13)]
    public async Task Resolve_Reference_MeansTheLastEntity(string text, int start, int length)
    {
        var mention = Assert.Single((await ResolveAsync(text, DeltaIndustries, new EntityKey("customer", "C-8", "Blue Ocean Foods"))).Mentions);
        Assert.Equal("C-1", mention.Match!.Entity.Id);
        Assert.Equal((start, length), (mention.Start, mention.Length));
    }

    [Fact]
    public async Task Resolve_ReferenceWithoutConversation_FindsNothing() => Assert.Empty((await ResolveAsync("How much do they owe?")).Mentions);

    [Theory]
    [InlineData("Show me invoice INV-000123", "i1", "invoice")]
    [InlineData("is inv-000123 paid?", "i1", "invoice")]
    [InlineData("is invoice 123 paid?", "i1", "invoice")]
    [InlineData("where is order #1200", "o1", "order")]
    [InlineData("order 777001", "o2", "order")]
    [InlineData("invoice 777001", "i2", "invoice")]
    public async Task Resolve_Number_FindsDocumentAndCustomer(string text, string id, string type)
    {
        var mention = Assert.Single((await ResolveAsync(text)).Mentions);
        Assert.Equal((type, id), (mention.Match!.Entity.Type, mention.Match.Entity.Id));
        Assert.Equal(MatchKind.Number, mention.Match.Kind);
        Assert.Equal(id == "o2" ? "C-2" : "C-1", mention.Match.Customer!.Id);
    }

    [Fact]
    public async Task Resolve_NumberOfOrderAndInvoice_Asks() =>
        Assert.Equal(MentionOutcome.Ambiguous, Assert.Single((await ResolveAsync("what is #777001?")).Mentions).Outcome);

    [Theory]
    [InlineData("status of invoice INV-424242", "INV-424242")]
    [InlineData("Tell me about Acme Corporation", "Acme Corporation")]
    [InlineData("What is Quuxly's balance?", "Quuxly")]
    [InlineData("status of \"Foo Bar Baz\"", "Foo Bar Baz")]
    [InlineData("status of zyxwvut", "zyxwvut")]
    public async Task Resolve_UnknownName_IsReportedAsNotFound(string text, string span)
    {
        var mention = Assert.Single((await ResolveAsync(text)).Mentions);
        Assert.Equal(MentionOutcome.NotFound, mention.Outcome);
        Assert.Equal(span, text.Substring(mention.Start, mention.Length));
    }

    [Theory]
    [InlineData("status of Omega Secret Holdings")]
    [InlineData("status of golden goose")]
    [InlineData("invoice INV-000999")]
    public async Task Resolve_OtherOrganizationsNames_AreNeverFound(string text)
    {
        Assert.All((await ResolveAsync(text)).Mentions, m => Assert.Equal(MentionOutcome.NotFound, m.Outcome));
        var there = await registry.Resolver.ResolveAsync("other", text, [], 5, TestContext.Current.CancellationToken);
        Assert.Equal(MentionOutcome.Matched, Assert.Single(there.Mentions).Outcome);
    }

    [Fact]
    public async Task Resolve_LongHostileText_EndsWithBoundedMentions()
    {
        var text = string.Concat(Enumerable.Repeat("Delta Industries' \"Delta\" INV-000123 \u202E🙂 zyx\u0001wv ", 200))[..8000];
        var mentions = (await ResolveAsync(text)).Mentions;
        Assert.InRange(mentions.Count, 1, 50);
        Assert.All(mentions, m => Assert.InRange(m.Start + m.Length, 0, text.Length));
    }

    [Fact]
    public async Task Resolve_NameAddedAfterTheSnapshot_IsFoundInTheDatabase()
    {
        await ResolveAsync("Hello");
        await ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'N-1', 'Nimbus Quarterdeck', 'EUR', '2025-01-01Z')");
        try
        {
            var mention = Assert.Single((await ResolveAsync("status of nimbus quarterdeck")).Mentions);
            Assert.Equal(("N-1", MatchKind.Exact), (mention.Match!.Entity.Id, mention.Match.Kind));
        }
        finally
        {
            await ExecuteAsync("DELETE FROM domain.customers WHERE customer_id = 'N-1'");
        }
    }

    [Fact]
    public async Task Resolve_DatabaseGoneAfterTheSnapshot_GoesOnAndSaysStale()
    {
        var own = await registry.Servers.CreateDatabaseAsync("entity_resolution", TestContext.Current.CancellationToken);
        await Schema.CreateAsync(own, TestContext.Current.CancellationToken);
        await using var services = RegistryFixture.Build(own);
        var resolver = services.GetRequiredService<EntityResolver>();
        var cache = services.GetRequiredService<RegistryCache>();
        await cache.WarmAsync("default", TestContext.Current.CancellationToken);
        await ExecuteAsync($"DROP DATABASE \"{new Npgsql.NpgsqlConnectionStringBuilder(own).Database}\" WITH (FORCE)");

        // What hears of changes, or the interval, finds out; here nothing else runs.
        cache.NoteAll();
        await Eventually.HoldsAsync(async () => (await cache.GetAsync("default", TestContext.Current.CancellationToken)).Stale);

        var exact = await resolver.ResolveAsync("default", "status of Delta Industries and Big D", [], 5, TestContext.Current.CancellationToken);
        Assert.Equal(["C-1", "C-1"], exact.Mentions.Select(m => m.Match!.Entity.Id));
        var fuzzy = await resolver.ResolveAsync("default", "status of delta industires", [], 5, TestContext.Current.CancellationToken);
        Assert.Equal("C-1", Assert.Single(fuzzy.Mentions).Match!.Entity.Id);
        Assert.True(fuzzy.Registry.Stale);
    }

    [Fact]
    public async Task Resolve_DatabaseNeverReached_SaysUnavailable()
    {
        await using var services = RegistryFixture.Build("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
        var resolver = services.GetRequiredService<EntityResolver>();
        await Assert.ThrowsAsync<RegistryUnavailableException>(() => resolver.ResolveAsync("default", "status of Delta Industries", [], 5, TestContext.Current.CancellationToken));
    }

    private Task<ResolvedText> ResolveAsync(string text, params EntityKey[] conversation) =>
        registry.Resolver.ResolveAsync("default", text, conversation, 5, TestContext.Current.CancellationToken);

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new Npgsql.NpgsqlConnection(registry.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
