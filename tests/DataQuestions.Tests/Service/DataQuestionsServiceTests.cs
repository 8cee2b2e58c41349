using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts;
using Platform.DataQuestions.Tests.Facts;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Service;

/// <summary>The whole service over gRPC.</summary>
public sealed class DataQuestionsServiceTests(PlatformServers servers, DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    // Redis is shared with other tests: only names of its own keep them apart.
    private readonly string organization = $"facts-{Guid.NewGuid():N}";
    private WebApplicationFactory<FactsOptions>? factory;
    private GrpcChannel? channel;

    private FactsService.FactsServiceClient Facts => new(channel!);

    private DataQuestionsService.DataQuestionsServiceClient Questions => new(channel!);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync($"""
            TRUNCATE domain.payments, domain.invoices, domain.sales_orders, domain.customers;
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES
              ('{organization}', 'A', 'Acme', 'EUR', '2025-01-01Z'), ('{organization}-2', 'A', 'Foreign', 'USD', '2025-01-01Z');
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES
              ('{organization}', 'I1', 'INV-1', 'A', 120.50, 'EUR', '2026-01-01Z', '2026-01-31'), ('{organization}-2', 'I1', 'INV-1', 'A', 9, 'USD', '2026-01-01Z', '2026-01-31');
            """);
        factory = new WebApplicationFactory<FactsOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:platform", database.ConnectionString)
            .UseSetting("ConnectionStrings:redis", servers.RedisConnectionString));
        channel = GrpcChannel.ForAddress(factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = new OfOrganization(organization, factory.Server.CreateHandler()) });
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (factory is not null)
        {
            await factory.DisposeAsync();
        }
    }

    [Fact]
    public async Task GetFacts_CustomerInvoiceAndPortfolio_InOneAnswer()
    {
        var request = new GetFactsRequest { Portfolio = true, AsOf = new Date { Iso = "2026-02-10" }, Entities = { Entity(EntityType.Customer, "A"), Entity(EntityType.Invoice, "I1") } };

        var response = await Facts.GetFactsAsync(request, cancellationToken: Token);

        Assert.Equal(["Acme", "INV-1", ""], response.Entities.Select(facts => facts.Entity?.Name ?? ""));
        Assert.Equal("120.50", response.Entities[0].Of("overdue_amount").Value.Money.Amount);
        Assert.Equal(10, response.Entities[1].Of("invoice_days_late").Value.Days);
        Assert.Equal("120.50", response.Entities[2].Of("open_balance").Value.Money.Amount);
        Assert.All(response.Entities, facts => Assert.Equal("2026-02-10", facts.AsOf.Iso));
    }

    [Fact]
    public async Task GetFacts_AnotherOrganization_OnlyItsOwn()
    {
        var other = new Metadata { { "x-organization-id", organization + "-2" } };

        var response = await Facts.GetFactsAsync(new GetFactsRequest { Entities = { Entity(EntityType.Customer, "A") } }, other, cancellationToken: Token);

        Assert.Equal("Foreign", response.Entities.Single().Entity.Name);
        Assert.Equal("USD", response.Entities.Single().Of("open_balance").Value.Money.Currency);
    }

    [Fact]
    public async Task GetRows_KeysOfTheOrganization_GivesTheirColumnsInTheOrderAsked()
    {
        await database.ExecuteAsync($"""
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES
              ('{organization}', 'I2', 'INV-2', 'A', 7, 'EUR', '2026-02-01Z', '2026-03-03')
            """);

        var table = (await Facts.GetRowsAsync(new GetRowsRequest { Table = "domain.invoices", RowIds = { "I2", "none", "I1" } }, cancellationToken: Token)).Table;

        Assert.Equal(["invoice_id", "invoice_number", "customer_id"], table.Columns.Take(3).Select(column => column.Name));
        Assert.DoesNotContain(table.Columns, column => column.Name == "organization_id");
        Assert.Equal(["I2 7.00 2026-03-03", "I1 120.50 2026-01-31"], table.Rows.Select(row => $"{row.Cells[0].Text} {row.Cells[4].Text} {row.Cells[7].Text}"));
        Assert.True(table.Rows[0].Cells[3].IsNull);
    }

    [Fact]
    public async Task GetRows_UnknownTableOrNoKeys_NamesEachField()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Facts.GetRowsAsync(new GetRowsRequest { Table = "app.audit" }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("table: must be one of domain.customers, domain.invoices, domain.payments, domain.sales_orders", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("row_ids", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetFacts_UnknownCustomer_NotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Facts.GetFactsAsync(new GetFactsRequest { Entities = { Entity(EntityType.Customer, "Z") } }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("Z", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetFacts_SeveralMistakes_EachFieldNamed()
    {
        var request = new GetFactsRequest { EvidenceRows = 51, Kinds = { "weather" }, AsOf = new Date { Iso = "31.12.2026" }, Entities = { Entity(EntityType.Payment, "P1") } };

        var error = await Assert.ThrowsAsync<RpcException>(() => Facts.GetFactsAsync(request, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var status = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(["as_of", "entities[0].type", "evidence_rows", "kinds"], status.Details.Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListFactKinds_EveryKind_DefinedAndApplied()
    {
        var kinds = (await Facts.ListFactKindsAsync(new ListFactKindsRequest(), cancellationToken: Token)).Kinds;

        Assert.Equal(kinds.Count, kinds.Select(kind => kind.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(kinds, kind => Assert.EndsWith(".", kind.Definition, StringComparison.Ordinal));
        Assert.Contains(kinds, kind => kind.Name == "dso" && kind.AppliesTo.Contains(EntityType.Customer));
    }

    [Fact]
    public async Task Ask_Template_AnsweredWithinTheOrganization()
    {
        var response = await Questions.AskAsync(new AskRequest { Question = "How many invoices are overdue?" }, cancellationToken: Token);

        Assert.Equal("There is 1 overdue invoice.", response.Answer.Text);
    }

    [Fact]
    public async Task AskStream_Template_StepsThenAnswer()
    {
        using var call = Questions.AskStream(new AskRequest { Question = "Total open balance of Acme", Entities = { Entity(EntityType.Customer, "A", "Acme") } }, cancellationToken: Token);
        List<AskEvent> events = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            events.Add(call.ResponseStream.Current);
        }

        Assert.Equal(["terms", "sql", "execute", "explain"], events.Take(events.Count - 1).Select(step => step.Step));
        Assert.Equal("The total open balance of Acme is 120.50 EUR, over 1 invoice.", events[^1].Completed.Answer.Text);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 0)]
    [InlineData("orders", 1001)]
    public async Task Ask_OutOfBounds_InvalidArgument(string question, int maxRows)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Questions.AskAsync(new AskRequest { Question = question, MaxRows = maxRows }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Ask_UnknownDataset_NotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Questions.AskAsync(new AskRequest { Question = "orders", Dataset = "moon" }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task ListDatasets_Business_WithTablesAndExamples()
    {
        var dataset = (await Questions.ListDatasetsAsync(new ListDatasetsRequest(), cancellationToken: Token)).Datasets.Single(dataset => dataset.Name == "business");

        Assert.Contains("domain.invoices", dataset.Tables);
        Assert.Contains("Orders per month", dataset.ExampleQuestions);
    }

    [Fact]
    public async Task CheckStatement_NoGuardYet_SaysSo()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Questions.CheckStatementAsync(new CheckStatementRequest { Sql = "SELECT 1" }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task GetFacts_InvoiceChanges_FiguresFollowWithoutARestart()
    {
        var request = new GetFactsRequest { Portfolio = true, Entities = { Entity(EntityType.Customer, "A") }, Kinds = { "open_balance" } };
        await Facts.GetFactsAsync(request, cancellationToken: Token);

        // As the triggers of Migrations do it.
        await database.ExecuteAsync($"""
            UPDATE domain.invoices SET amount = 99 WHERE organization_id = '{organization}';
            INSERT INTO app.change_events (organization_id, table_name, customer_id) VALUES ('{organization}', 'invoices', 'A');
            NOTIFY domain_changes;
            """);

        await Eventually.HoldsAsync(async () =>
            (await Facts.GetFactsAsync(request, cancellationToken: Token)).Entities.All(facts => facts is { Stale: false } && facts.Of("open_balance").Value.Money.Amount == "99.00"));
    }

    /// <summary>Calls that name no organization are those of the test's own.</summary>
    private sealed class OfOrganization(string organization, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!request.Headers.Contains("x-organization-id"))
            {
                request.Headers.Add("x-organization-id", organization);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    private static EntityRef Entity(EntityType type, string id, string name = "") => new() { Type = type, Id = id, Name = name };
}
