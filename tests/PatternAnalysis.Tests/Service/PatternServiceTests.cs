using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Service;

/// <summary>The whole service over gRPC: a customer that began to pay later, and one of whom nothing is known.</summary>
public sealed class PatternServiceTests(PlatformServers servers, DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    private readonly string organization = $"service-{Guid.NewGuid():N}";
    private WebApplicationFactory<DetectionOptions>? factory;
    private GrpcChannel? channel;

    private PatternAnalysisService.PatternAnalysisServiceClient Client => new(channel!);

    private Metadata Headers => new() { { "x-organization-id", organization } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // 60 invoices, the last due 30 days ago; paid on the due day or up to 3 days later, from the 41st on 12 days later than that.
        await database.ExecuteAsync($"""
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES
              ('{organization}', 'LATE', 'Late Payer', 'EUR', now() - interval '3 years'), ('{organization}', 'NEW', 'Newcomer', 'EUR', now());
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date)
            SELECT '{organization}', '{organization}-' || i, 'INV-' || i, 'LATE', 1000, 'EUR', d - interval '30 days', d::date
            FROM generate_series(0, 59) i, LATERAL (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(days => (59 - i) * 9 + 30) AS d) x;
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at)
            SELECT organization_id, 'P' || invoice_id, invoice_id, amount, currency,
                   due_date::timestamptz + make_interval(days => (split_part(invoice_number, '-', 2)::int + 1) % 4 + CASE WHEN split_part(invoice_number, '-', 2)::int >= 40 THEN 12 ELSE 0 END, hours => 12)
            FROM domain.invoices WHERE organization_id = '{organization}';
            """);
        factory = new WebApplicationFactory<DetectionOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:platform", database.ConnectionString)
            .UseSetting("ConnectionStrings:redis", servers.RedisConnectionString));
        channel = GrpcChannel.ForAddress(factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = factory.Server.CreateHandler() });
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
    public async Task GetPatterns_PaymentsLaterSince_InsightAndReasonsForTheRest()
    {
        var response = await Client.GetPatternsAsync(new GetPatternsRequest { CustomerIds = { "LATE", "NEW" } }, Headers, cancellationToken: Token);

        var late = response.Customers[0];
        Assert.Equal("Late Payer", late.Customer.Name);
        Assert.False(late.Stale);
        var insight = Assert.Single(late.Insights);
        Assert.Equal("payment_timing_shift", insight.Type);
        Assert.Equal(12, insight.Effect.Value, 1);
        Assert.Equal(Day(-((59 - 40) * 9) - 30), insight.ChangedOn.Iso);
        Assert.Equal(20, insight.Evidence.Single().TotalRows);
        Assert.InRange(insight.Confidence, 0.9, 1);
        Assert.InRange(insight.Significance, 0.2, 1);
        Assert.Equal(DetectorStatus.TooFew, late.Outcomes.Single(outcome => outcome.Detector == "rush_order_frequency").Status);
        Assert.Equal(9, response.Customers[1].Outcomes.Count(outcome => outcome is { Status: DetectorStatus.TooFew, Reason.Length: > 0 }));
    }

    [Fact]
    public async Task GetPatterns_Twice_SecondFromMemoryUntilInvalidated()
    {
        var request = new GetPatternsRequest { CustomerIds = { "LATE" } };
        await Client.GetPatternsAsync(request, Headers, cancellationToken: Token);

        // The listener drops what was kept before it had subscribed, once.
        await Eventually.HoldsAsync(async () => (await Client.GetPatternsAsync(request, Headers, cancellationToken: Token)).Customers.Single().Tier == CacheTier.Memory);
        Assert.Equal(1, (await Client.InvalidateAsync(new InvalidateRequest { CustomerIds = { "LATE" } }, Headers, cancellationToken: Token)).Invalidated);

        Assert.Equal(CacheTier.Computed, (await Client.GetPatternsAsync(request, Headers, cancellationToken: Token)).Customers.Single().Tier);
    }

    [Fact]
    public async Task GetPatterns_DayBeforeTheChange_NothingFoundAndNothingKept()
    {
        var request = new GetPatternsRequest { CustomerIds = { "LATE" }, AsOf = new Date { Iso = Day(-210) }, Detectors = { "payment_timing_shift" } };

        var past = (await Client.GetPatternsAsync(request, Headers, cancellationToken: Token)).Customers.Single();

        Assert.Empty(past.Insights);
        Assert.Equal(DetectorStatus.Nothing, past.Outcomes.Single().Status);
        Assert.Equal(CacheTier.Computed, (await Client.GetPatternsAsync(request, Headers, cancellationToken: Token)).Customers.Single().Tier);
    }

    [Fact]
    public async Task GetPatterns_Mistakes_Refused()
    {
        var unknown = await Assert.ThrowsAsync<RpcException>(() => Client.GetPatternsAsync(new GetPatternsRequest { CustomerIds = { "NOBODY" } }, Headers, cancellationToken: Token).ResponseAsync);
        var none = await Assert.ThrowsAsync<RpcException>(() => Client.GetPatternsAsync(new GetPatternsRequest(), Headers, cancellationToken: Token).ResponseAsync);
        var detector = await Assert.ThrowsAsync<RpcException>(() => Client.GetPatternsAsync(new GetPatternsRequest { CustomerIds = { "LATE" }, Detectors = { "tarot" } }, Headers, cancellationToken: Token).ResponseAsync);
        var foreign = await Assert.ThrowsAsync<RpcException>(() => Client.GetPatternsAsync(new GetPatternsRequest { CustomerIds = { "LATE" } }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(
            [StatusCode.NotFound, StatusCode.InvalidArgument, StatusCode.InvalidArgument, StatusCode.NotFound],
            ((RpcException[])[unknown, none, detector, foreign]).Select(error => error.StatusCode));
        Assert.Contains("customer_ids: must have 1 to 20 ids", none.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("\"tarot\" is not a detector; must be one of ", detector.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_WholeOrganization_PortfolioAndExplanation()
    {
        using var call = Client.Refresh(new RefreshRequest(), Headers, cancellationToken: Token);
        RefreshProgress? last = null;
        while (await call.ResponseStream.MoveNext(Token))
        {
            last = call.ResponseStream.Current;
        }

        Assert.Equal((2, 2, 0), (last!.Done, last.Total, last.Failed));
        var portfolio = await Client.ListPortfolioAsync(new ListPortfolioRequest { Page = new PageRequest { Size = 1 } }, Headers, cancellationToken: Token);
        var entry = Assert.Single(portfolio.Entries);
        Assert.Equal("Late Payer", entry.Customer.Name);
        Assert.Empty(portfolio.Page.NextToken);

        Assert.Equal((1, 1, 2, 2), (portfolio.Total, portfolio.TotalCustomers, portfolio.AnalysedCustomers, portfolio.OrganizationCustomers));

        Assert.Single((await ListAsync(Direction.Rising, null)).Entries);
        Assert.Empty((await ListAsync(Direction.Falling, null)).Entries);
        Assert.Single((await ListAsync(Direction.Rising, -((59 - 40) * 9) - 30)).Entries);
        Assert.Equal((0, 0, 2), await ListAsync(Direction.Rising, -((59 - 40) * 9) - 29) is var later ? (later.Total, later.TotalCustomers, later.AnalysedCustomers) : default);

        var explained = await Client.ExplainInsightAsync(new ExplainInsightRequest { CustomerId = "LATE", InsightId = entry.Insight.Id }, Headers, cancellationToken: Token);
        Assert.Contains("Hodges", explained.Method, StringComparison.Ordinal);
        Assert.Equal(entry.Insight.Evidence.Single().RowIds, explained.Rows.Select(row => row.RowId));
        Assert.Equal("LATE", explained.Rows[0].Columns["customer_id"]);
    }

    private async Task<ListPortfolioResponse> ListAsync(Direction direction, int? changedFrom) => await Client.ListPortfolioAsync(
        new ListPortfolioRequest { Types_ = { "payment_timing_shift" }, Direction = direction, Changed = changedFrom is { } day ? new Period { From = new Date { Iso = Day(day) } } : null },
        Headers, cancellationToken: Token);

    [Fact]
    public async Task GetTimeSeries_DaysLate_PointsAndTheTwoLevels()
    {
        var series = await Client.GetTimeSeriesAsync(new GetTimeSeriesRequest { CustomerId = "LATE", Measure = "days_late" }, Headers, cancellationToken: Token);

        Assert.Equal(60, series.Points.Count);
        Assert.Equal([1.5, 13.5], series.Levels.Select(level => level.Value));
    }

    [Fact]
    public async Task CompareCustomers_OneWithoutData_UnknownNotZero()
    {
        var response = await Client.CompareCustomersAsync(new CompareCustomersRequest { CustomerIds = { "LATE", "NEW" } }, Headers, cancellationToken: Token);

        var late = response.Comparisons.Single(comparison => comparison.Measure == "late_rate");
        Assert.InRange(late.Values[0].Ratio, 0.7, 1);
        Assert.NotEmpty(late.Values[1].Unknown);
        Assert.Equal(-1, late.Percentiles[1]);
    }

    [Fact]
    public async Task ListDetectors_All_MethodAndMinimum()
    {
        var detectors = (await Client.ListDetectorsAsync(new ListDetectorsRequest(), Headers, cancellationToken: Token)).Detectors;

        Assert.Equal(["amount_anomaly", "order_frequency_shift", "order_seasonality", "order_silence", "order_trend", "payment_timing_shift", "peer_percentile", "revenue_concentration", "rush_order_frequency"], detectors.Select(detector => detector.Name).Order(StringComparer.Ordinal));
        Assert.All(detectors, detector => Assert.True(detector.Method.Length > 100 && detector.MinimumSample >= 10));
    }

    private static string Day(int offset) => TimeProvider.System.GetUtcNow().AddDays(offset).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
