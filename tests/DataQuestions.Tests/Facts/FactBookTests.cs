using Npgsql;
using Platform.Caching;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Facts;

/// <summary>A few rows by hand, whose figures can be checked in the head.</summary>
public sealed class FactBookTests(DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 3, 31);

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync("""
            TRUNCATE domain.payments, domain.invoices, domain.sales_orders, domain.customers;
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, credit_limit, payment_terms_days, created_at, last_contact_at) VALUES
              ('default', 'A', 'Acme', 'EUR', 1000, 30, '2025-01-01Z', '2026-03-01T12:00Z'),
              ('default', 'B', 'Birch', 'USD', NULL, NULL, '2025-01-01Z', NULL),
              ('default', 'N', 'New', 'EUR', 500, 14, '2026-03-01Z', NULL),
              ('other', 'A', 'Foreign', 'EUR', 1, 1, '2025-01-01Z', NULL);
            INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at, requested_date, shipped_at, delivered_at) VALUES
              ('default', 'O1', 'SO-1', 'A', 'normal', 'delivered', 100, 'EUR', '2025-10-15Z', NULL, '2025-10-20Z', '2025-10-22Z'),
              ('default', 'O2', 'SO-2', 'A', 'rush', 'open', 200, 'EUR', '2026-03-10Z', '2026-03-20', NULL, NULL),
              ('default', 'O3', 'SO-3', 'A', 'rush', 'cancelled', 900, 'EUR', '2026-03-11Z', NULL, NULL, NULL),
              ('default', 'O4', 'SO-4', 'A', 'normal', 'shipped', 300, 'EUR', '2026-03-12Z', NULL, '2026-04-02Z', NULL),
              ('default', 'O5', 'SO-5', 'A', 'rush', 'open', 400, 'EUR', '2026-04-05Z', NULL, NULL, NULL),
              ('other', 'O2', 'SO-2', 'A', 'rush', 'open', 7777, 'EUR', '2026-03-10Z', NULL, NULL, NULL);
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date, disputed, voided_at) VALUES
              ('default', 'I1', 'INV-1', 'A', 100, 'EUR', '2026-01-01Z', '2026-01-31', false, NULL),
              ('default', 'I2', 'INV-2', 'A', 200, 'EUR', '2026-02-01T23:30Z', '2026-03-03', false, NULL),
              ('default', 'I3', 'INV-3', 'A', 300, 'EUR', '2026-03-01Z', '2026-03-31', true, NULL),
              ('default', 'I4', 'INV-4', 'A', 400, 'EUR', '2026-01-05Z', '2026-01-20', false, '2026-02-01Z'),
              ('default', 'I5', 'INV-5', 'A', 500, 'EUR', '2026-01-06Z', '2026-02-05', false, NULL),
              ('default', 'I6', 'INV-6', 'A', 600, 'EUR', '2026-04-01Z', '2026-05-01', false, NULL),
              ('default', 'I7', 'INV-7', 'B', 70, 'USD', '2025-12-01Z', '2025-12-20', false, NULL),
              ('default', 'I8', 'INV-8', 'B', 80, 'EUR', '2026-03-20Z', '2026-04-20', false, NULL),
              ('other', 'I1', 'INV-1', 'A', 5555, 'EUR', '2026-01-01Z', '2026-01-31', false, NULL);
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at) VALUES
              ('default', 'P1', 'I1', 60, 'EUR', '2026-01-20Z'),
              ('default', 'P2', 'I1', 40, 'EUR', '2026-02-10Z'),
              ('default', 'P3', 'I2', 50, 'EUR', '2026-03-01Z'),
              ('default', 'P4', 'I3', 300, 'EUR', '2026-04-02Z'),
              ('default', 'P5', 'I5', 500, 'EUR', '2026-01-30Z'),
              ('default', 'P6', 'I7', 70, 'EUR', '2025-12-24Z'),
              ('other', 'P1', 'I1', 5555, 'EUR', '2026-01-02Z');
            """);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task GetAsync_Customer_EveryFigureOfTheDay()
    {
        var facts = await CustomerAsync("A");

        // Open on 2026-03-31: I2 with 150 left (28 days late), I3 with 300 (due that very day). I4 is void, I6 not issued, I1 and I5 are paid.
        Assert.Equal(("450.00", "EUR"), Money(facts, "open_balance"));
        Assert.Equal(2, facts.Of("open_invoices").Value.Count);
        Assert.Equal(("150.00", "EUR"), Money(facts, "overdue_amount"));
        Assert.Equal(1, facts.Of("overdue_invoices").Value.Count);
        Assert.Equal(("300.00", "EUR"), Money(facts, "disputed"));
        Assert.Equal(["not_due 300.00 1", "1-30 150.00 1", "31-60 0 0", "61-90 0 0", "90+ 0 0"], facts.Of("ageing").Parts.Select(part => $"{part.Name} {part.Value.Money.Amount} {part.Count}"));
        Assert.Equal(2, facts.Of("paid_invoices").Value.Count);
        Assert.Equal(1, facts.Of("paid_late_invoices").Value.Count);
        Assert.Equal(0.5, facts.Of("late_rate").Value.Ratio);
        Assert.Equal(5, facts.Of("average_days_late").Value.Days);
        Assert.Equal(5, facts.Of("median_days_late").Value.Days);
        Assert.Equal(32, facts.Of("average_days_to_settle").Value.Days);

        // 450 open, 1100 invoiced from 2026-01-01 on: I1, I2, I3, I5.
        Assert.Equal(450.0 / 1100 * 90, facts.Of("dso").Value.Days, 9);
        Assert.Equal(3, facts.Of("order_count_12m").Value.Count);
        Assert.Equal(("600.00", "EUR"), Money(facts, "order_volume"));
        Assert.Equal(1, facts.Of("order_trend").Value.Ratio);
        Assert.Equal(2, facts.Of("open_orders").Value.Count);
        Assert.Equal(1.0 / 3, facts.Of("rush_share").Value.Ratio, 9);
        Assert.Equal(("1000.00", "EUR"), Money(facts, "credit_limit"));
        Assert.Equal(0.45, facts.Of("credit_use").Value.Ratio, 9);
        Assert.Equal(30, facts.Of("payment_terms").Value.Days);
        Assert.Equal("2026-03-12", facts.Of("last_order").Value.Date.Iso);
        Assert.Equal("2026-03-01", facts.Of("last_payment").Value.Date.Iso);
        Assert.Equal("2026-03-01", facts.Of("last_contact").Value.Date.Iso);
    }

    [Fact]
    public async Task GetAsync_CustomerWithoutRows_ZeroWhereKnownUnknownElsewhere()
    {
        var facts = await CustomerAsync("N");

        Assert.Equal(("0", "EUR"), Money(facts, "open_balance"));
        Assert.Equal(0, facts.Of("open_invoices").Value.Count);
        Assert.Equal(0, facts.Of("credit_use").Value.Ratio);
        foreach (var kind in (string[])["late_rate", "average_days_late", "median_days_late", "average_days_to_settle", "dso", "order_trend", "rush_share", "last_order", "last_payment", "last_contact"])
        {
            Assert.NotEmpty(facts.Of(kind).Value.Unknown);
        }
    }

    [Fact]
    public async Task GetAsync_SeveralCurrencies_NeverAddedUp()
    {
        var birch = await CustomerAsync("B");

        // The payment in EUR does not settle the invoice in USD.
        Assert.Contains("EUR and USD", birch.Of("open_balance").Value.Unknown, StringComparison.Ordinal);
        Assert.Equal(["EUR 80.00", "USD 70.00"], birch.Of("open_balance").Parts.Select(part => $"{part.Value.Money.Currency} {part.Value.Money.Amount}"));
        Assert.Equal(("70.00", "USD"), Money(birch, "overdue_amount"));
        Assert.Contains(birch.Of("ageing").Parts, part => part is { Name: "90+ USD", Count: 1 });
        Assert.Equal("no credit limit is recorded", birch.Of("credit_limit").Value.Unknown);

        var portfolio = (await Open().GetAsync("default", [], [], Day, portfolio: true, TestContext.Current.CancellationToken)).Entities.Single();
        Assert.Equal(["EUR 530.00 3", "USD 70.00 1"], portfolio.Of("open_balance").Parts.Select(part => $"{part.Value.Money.Currency} {part.Value.Money.Amount} {part.Count}"));
        Assert.Equal(3, portfolio.Of("customers").Value.Count);
        Assert.Null(portfolio.Entity);
    }

    [Fact]
    public async Task GetAsync_EarlierDay_LaterRowsUnseen()
    {
        var facts = await CustomerAsync("A", new DateOnly(2026, 1, 31));

        // I1 with 40 left, due that day; I4 not yet void: 400 and overdue; I5 paid the day before.
        Assert.Equal(("440.00", "EUR"), Money(facts, "open_balance"));
        Assert.Equal(("400.00", "EUR"), Money(facts, "overdue_amount"));
        Assert.Equal(1, facts.Of("paid_invoices").Value.Count);
        Assert.Equal("2025-10-15", facts.Of("last_order").Value.Date.Iso);
        Assert.NotEmpty(facts.Of("last_contact").Value.Unknown);
    }

    [Fact]
    public async Task GetAsync_Invoices_StatusAndDaysOfTheDay()
    {
        var answer = await Open().GetAsync("default", [(FactScope.Invoice, "I1"), (FactScope.Invoice, "I2"), (FactScope.Invoice, "I6")], [], Day, false, TestContext.Current.CancellationToken);

        var (paid, overdue, future) = (answer.Entities[0], answer.Entities[1], answer.Entities[2]);
        Assert.Equal("paid", paid.Of("invoice_status").Value.Text);
        Assert.Equal("Acme", paid.Of("invoice_customer").Value.Text);
        Assert.Equal("2026-02-10", paid.Of("invoice_paid_on").Value.Date.Iso);
        Assert.Equal(10, paid.Of("invoice_days_late").Value.Days);
        Assert.Equal("overdue", overdue.Of("invoice_status").Value.Text);
        Assert.Equal(("50.00", "EUR"), Money(overdue, "invoice_paid_amount"));
        Assert.Equal(("150.00", "EUR"), Money(overdue, "invoice_outstanding"));
        Assert.Equal(28, overdue.Of("invoice_days_late").Value.Days);
        Assert.Equal("2026-02-01", overdue.Of("invoice_issued").Value.Date.Iso);
        Assert.NotEmpty(overdue.Of("invoice_paid_on").Value.Unknown);
        Assert.NotEmpty(future.Of("invoice_status").Value.Unknown);
    }

    [Fact]
    public async Task GetAsync_OrdersAndCustomerTogether_InTheOrderOfTheRequest()
    {
        var answer = await Open().GetAsync("default", [(FactScope.Order, "O4"), (FactScope.Customer, "A"), (FactScope.Order, "O2")], [], Day, false, TestContext.Current.CancellationToken);

        Assert.Equal(["SO-4", "Acme", "SO-2"], answer.Entities.Select(facts => facts.Entity.Name));
        Assert.Equal("open", answer.Entities[0].Of("order_status").Value.Text);
        Assert.Equal("Acme", answer.Entities[0].Of("order_customer").Value.Text);
        Assert.Equal("rush", answer.Entities[2].Of("order_priority").Value.Text);
        Assert.Equal("2026-03-20", answer.Entities[2].Of("order_requested_date").Value.Date.Iso);
    }

    [Fact]
    public async Task GetAsync_AnyKind_EvidenceSqlReproducesTheRows()
    {
        var facts = await CustomerAsync("A");

        Assert.Equal(["I3", "I2"], facts.Of("open_balance").Evidence.RowIds);
        Assert.Equal("domain.invoices", facts.Of("open_balance").Evidence.Table);
        foreach (var fact in facts.Facts)
        {
            await using var command = database.Source.CreateCommand(fact.Evidence.Sql);
            command.Parameters.AddWithValue("organization", "default");
            command.Parameters.AddWithValue("ids", (string[])["A"]);
            command.Parameters.AddWithValue("as_of", Day);
            command.Parameters.AddWithValue("until", Day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var total = 0L;
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                total += reader.IsDBNull(reader.GetOrdinal("part")) || fact.Kind == "ageing" ? reader.GetInt64(reader.GetOrdinal("total_rows")) : 0;
            }

            Assert.Equal(total, fact.Evidence.TotalRows);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetAsync_SharedSql_SourcesAndStatementTogetherReproduceTheRows(bool portfolio)
    {
        var answer = await Open().GetAsync(
            "default", portfolio ? [] : [(FactScope.Customer, "A")], [], Day, portfolio, TestContext.Current.CancellationToken, new EvidenceDetail(1, true));

        var facts = answer.Entities.Single();
        Assert.True(facts.Of("open_balance").Evidence is { TotalRows: > 1, RowIds.Count: 1 });
        foreach (var fact in facts.Facts)
        {
            await using var command = database.Source.CreateCommand($"{facts.SqlSources[fact.Evidence.Table]}\n{fact.Evidence.Sql}");
            command.Parameters.AddWithValue("organization", "default");
            command.Parameters.AddWithValue("ids", (string[])["A"]);
            command.Parameters.AddWithValue("as_of", Day);
            command.Parameters.AddWithValue("until", Day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            List<string> rowIds = [];
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                rowIds.AddRange(reader.IsDBNull(reader.GetOrdinal("row_ids")) ? [] : reader.GetFieldValue<string[]>(reader.GetOrdinal("row_ids")));
            }

            Assert.Equal(rowIds.Take(1), fact.Evidence.RowIds);
            Assert.DoesNotContain("WITH ", fact.Evidence.Sql, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GetAsync_KindsNamed_OnlyThese()
    {
        var answer = await Open().GetAsync("default", [(FactScope.Customer, "A")], ["dso", "open_balance"], Day, false, TestContext.Current.CancellationToken);

        Assert.Equal(["open_balance", "dso"], answer.Entities.Single().Facts.Select(fact => fact.Kind));
    }

    [Fact]
    public async Task GetAsync_UnknownCustomer_Refused() =>
        Assert.Equal("I1", (await Assert.ThrowsAsync<UnknownEntityException>(() => Open().GetAsync("default", [(FactScope.Customer, "I1")], [], Day, false, TestContext.Current.CancellationToken))).Id);

    [Fact]
    public async Task GetAsync_OneKindFails_UnknownWithNoteAndTheOthersStay()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await database.ExecuteAsync("ALTER TABLE domain.customers RENAME COLUMN credit_limit TO gone");
        try
        {
            var answer = await Open().GetAsync("default", [(FactScope.Customer, "A")], ["open_balance", "credit_limit"], Day, false, cancellation);

            Assert.Equal("fact_unavailable", answer.Notes.Single().Code);
            Assert.NotEmpty(answer.Entities.Single().Of("credit_limit").Value.Unknown);
            Assert.Equal(("450.00", "EUR"), Money(answer.Entities.Single(), "open_balance"));
        }
        finally
        {
            await database.ExecuteAsync("ALTER TABLE domain.customers RENAME COLUMN gone TO credit_limit");
        }
    }

    [Fact]
    public async Task GetAsync_DatabaseAway_LastKnownMarkedStale()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PlatformServers.StartOwnPostgresAsync(cancellation);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Timeout = 2 }.ConnectionString);
        await PlatformSchema.CreateAsync(source, cancellation);
        await using (var insert = source.CreateCommand("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'A', 'Acme', 'EUR', '2025-01-01Z'), ('default', 'B', 'Birch', 'EUR', '2025-01-01Z')"))
        {
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        var clock = new ManualTime(new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero));
        var book = Books.Open(source, clock);
        var before = await book.GetAsync("default", [(FactScope.Customer, "A")], [], null, false, cancellation);

        await server.StopAsync(cancellation);
        clock.Now = clock.Now.AddMinutes(90);

        await Assert.ThrowsAsync<SourceUnavailableException>(() => book.GetAsync("default", [(FactScope.Customer, "B")], [], null, false, cancellation));
        var stale = await book.GetAsync("default", [(FactScope.Customer, "A")], [], null, false, cancellation);
        Assert.True(stale.Entities.Single().Stale);
        Assert.Contains("2026-03-31 10:00", stale.Notes.Single().Text, StringComparison.Ordinal);
        Assert.Equal(before.Entities.Single().Facts, stale.Entities.Single().Facts);

        await server.StartAsync(cancellation);
        Assert.False((await book.GetAsync("default", [(FactScope.Customer, "A")], [], null, false, cancellation)).Entities.Single().Stale);
    }

    private FactBook Open() => Books.Open(database.Source, TimeProvider.System);

    private async Task<EntityFacts> CustomerAsync(string id, DateOnly? day = null) =>
        (await Open().GetAsync("default", [(FactScope.Customer, id)], [], day ?? Day, false, TestContext.Current.CancellationToken)).Entities.Single();

    private static (string, string) Money(EntityFacts facts, string kind) => (facts.Of(kind).Value.Money.Amount, facts.Of(kind).Value.Money.Currency);
}
