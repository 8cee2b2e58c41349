using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts;
using Platform.DataQuestions.Facts.Tiers;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Facts;

/// <summary>What is kept, and what a change of the data or of the day makes of it.</summary>
public sealed class FactCacheTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private readonly string organization = $"cache-{Guid.NewGuid():N}";
    private readonly ManualTime clock = new(new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_Twice_ReadsTheDatabaseOnceUntilItsCustomerChanges()
    {
        var book = await OpenAsync(out var cache);
        Assert.Equal(["100.00", "200.00", "300.00"], await BalancesAsync(book));

        await database.ExecuteAsync($"UPDATE domain.invoices SET amount = amount * 2 WHERE organization_id = '{organization}'");
        Assert.Equal(["100.00", "200.00", "300.00"], await BalancesAsync(book));

        // A change of one customer: its facts and the portfolio's are read anew, the other customer's are not.
        Assert.True(await ((IChangeFollower)cache).ApplyAsync(new DataChange(organization, "A", long.MaxValue), Token));
        Assert.Equal(["200.00", "200.00", "600.00"], await BalancesAsync(book));

        Assert.True(await ((IChangeFollower)cache).ApplyAsync(new DataChange(organization, "*", long.MaxValue), Token));
        Assert.Equal(["200.00", "400.00", "600.00"], await BalancesAsync(book));
    }

    [Fact]
    public async Task GetAsync_ChangeThatWasSeen_KeepsWhatContainsIt()
    {
        var book = await OpenAsync(out var cache);
        await BalancesAsync(book);
        await database.ExecuteAsync($"UPDATE domain.invoices SET amount = amount * 2 WHERE organization_id = '{organization}'");

        // A transaction from before the reading.
        await ((IChangeFollower)cache).ApplyAsync(new DataChange(organization, "A", 3), Token);

        Assert.Equal(["100.00", "200.00", "300.00"], await BalancesAsync(book));
    }

    [Fact]
    public async Task GetAsync_MidnightPasses_FiguresAreOfTheNewDay()
    {
        var book = await OpenAsync(out _);
        var before = await book.GetAsync(organization, [(FactScope.Customer, "A")], [], null, true, Token);

        clock.Now = clock.Now.AddHours(14).AddMinutes(1);
        var after = await book.GetAsync(organization, [(FactScope.Customer, "A")], [], null, true, Token);

        Assert.All(before.Entities, facts => Assert.Equal(("2026-03-31", 0L), (facts.AsOf.Iso, facts.Of("overdue_invoices").Value.Count)));
        Assert.Equal([1, 2], after.Entities.Select(facts => facts.Of("overdue_invoices").Value.Count));
        Assert.All(after.Entities, facts => Assert.Equal(("2026-04-01", false), (facts.AsOf.Iso, facts.Stale)));
    }

    [Fact]
    public async Task GetAsync_ChangesCannotBeFollowed_IsMarked()
    {
        var book = await OpenAsync(out var cache);
        await BalancesAsync(book);

        cache.IsBehind = true;

        var answer = await book.GetAsync(organization, [(FactScope.Customer, "A")], [], null, false, Token);
        Assert.True(answer.Entities.Single().Stale);
        Assert.Equal("stale_facts", answer.Notes.Single().Code);
    }

    [Fact]
    public async Task GetAsync_WhatIsShown_DoesNotChangeWhatIsKept()
    {
        var book = await OpenAsync(out _);
        var few = await book.GetAsync(organization, [(FactScope.Customer, "A")], ["open_balance"], null, false, Token, new EvidenceDetail(0, true));

        var all = await book.GetAsync(organization, [(FactScope.Customer, "A")], [], null, false, Token);

        Assert.Empty(few.Entities.Single().Of("open_balance").Evidence.RowIds);
        Assert.Equal(["A1"], all.Entities.Single().Of("open_balance").Evidence.RowIds);
        Assert.True(all.Entities.Single().Facts.Count > 20);
        Assert.StartsWith("WITH", all.Entities.Single().Of("open_balance").Evidence.Sql, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FactScope.Customer, "CUS/1", null)]
    [InlineData(FactScope.Customer, "CUS/1", "2026-01-31")]
    [InlineData(FactScope.Invoice, "a/b/c", null)]
    [InlineData(FactScope.Portfolio, "", null)]
    public void Key_ThereAndBack_IsTheSame(object scope, string id, string? day)
    {
        var key = new FactKey("acme", (FactScope)scope, id, day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(key, FactKey.From(key));
    }

    private Task<FactBook> OpenAsync(out TieredCache<EntityFacts> cache)
    {
        var book = Books.Open(database.Source, clock, out cache);
        return FilledAsync(book);
    }

    private async Task<FactBook> FilledAsync(FactBook book)
    {
        await database.ExecuteAsync($"""
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES
              ('{organization}', 'A', 'Acme', 'EUR', '2025-01-01Z'), ('{organization}', 'B', 'Birch', 'EUR', '2025-01-01Z');
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES
              ('{organization}', 'A1', 'INV-1', 'A', 100, 'EUR', '2026-03-01Z', '2026-03-31'), ('{organization}', 'B1', 'INV-2', 'B', 200, 'EUR', '2026-03-01Z', '2026-03-31');
            """);
        return book;
    }

    private async Task<IEnumerable<string>> BalancesAsync(FactBook book) =>
        (await book.GetAsync(organization, [(FactScope.Customer, "A"), (FactScope.Customer, "B")], [], null, true, Token)).Entities.Select(facts => facts.Of("open_balance").Value.Money.Amount);
}
