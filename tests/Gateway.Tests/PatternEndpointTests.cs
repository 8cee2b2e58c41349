using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ServiceDefaults;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class PatternEndpointTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Portfolio_WithFilters_PassesThemOnAndGivesAPage()
    {
        ListPortfolioRequest? asked = null;
        platform.ListPortfolio = request =>
        {
            asked = request;
            return Task.FromResult(new ListPortfolioResponse
            {
                Entries = { new PortfolioEntry { Customer = FakePlatform.Delta, Insight = Shift() } },
                Page = new PageResponse { NextToken = "next" },
            });
        };

        JsonElement page = await GetAsync("/api/portfolio/patterns?types=payment_timing_shift,amount_anomaly&minConfidence=0.9&from=2026-01-01&size=10&token=t");

        Assert.Equal(["payment_timing_shift", "amount_anomaly"], asked!.Types_);
        Assert.Equal((0.9, "2026-01-01", 10, "t"), (asked.MinConfidence, asked.Changed.From.Iso, asked.Page.Size, asked.Page.Token));
        Assert.Null(asked.Changed.Until);
        Assert.Equal("next", page.GetProperty("nextToken").GetString());
        JsonElement entry = page.GetProperty("entries")[0];
        Assert.Equal(("C1", "i1"), (entry.GetProperty("customer").GetProperty("id").GetString(), entry.GetProperty("insight").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Comparison_OfTwo_KeepsTheirOrderAndShowsUnknownPlacesAsNull()
    {
        platform.Compare = request => Task.FromResult(new CompareCustomersResponse
        {
            Comparisons =
            {
                new Comparison
                {
                    Measure = "median_days_late", Label = "Median days late",
                    Values = { new Value { Days = 3 }, new Value { Unknown = "no invoice has been paid yet" } }, Percentiles = { 0.25, -1 },
                },
            },
        });

        JsonElement compared = await GetAsync("/api/portfolio/comparison?customers=C1,C2&asOf=2026-03-31");

        Assert.Equal(["C1", "C2"], compared.GetProperty("customers").EnumerateArray().Select(c => c.GetString()));
        JsonElement measure = compared.GetProperty("measures")[0];
        Assert.Equal(3, measure.GetProperty("values")[0].GetProperty("number").GetDouble());
        Assert.Equal("unknown", measure.GetProperty("values")[1].GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, measure.GetProperty("percentiles")[1].ValueKind);
    }

    [Fact]
    public async Task Explanation_OfAnInsight_GivesMethodFiguresAndRows()
    {
        platform.Explain = request => Task.FromResult(new ExplainInsightResponse
        {
            Insight = Shift(),
            Method = "rank scan",
            Rows = { new EvidenceRow { Table = "domain.invoices", RowId = "I1", Columns = { ["amount"] = "120.00" } } },
        });

        JsonElement explained = await GetAsync("/api/customers/C1/patterns/i1");

        Assert.Equal("rank scan", explained.GetProperty("method").GetString());
        Assert.Equal(2.5, explained.GetProperty("figures").GetProperty("mean_before").GetProperty("number").GetDouble());
        Assert.Equal("120.00", explained.GetProperty("rows")[0].GetProperty("columns").GetProperty("amount").GetString());
    }

    [Fact]
    public async Task Rows_ByTheirKeys_AreATable()
    {
        GetRowsRequest? asked = null;
        platform.GetRows = request =>
        {
            asked = request;
            return Task.FromResult(new GetRowsResponse
            {
                Table = new Table
                {
                    Columns = { new Column { Name = "invoice_id" }, new Column { Name = "order_id" } },
                    Rows = { new Row { Cells = { new Cell { Text = "I1" }, new Cell { IsNull = true } } } },
                },
            });
        };

        JsonElement rows = await GetAsync("/api/rows?table=domain.invoices&id=I1&id=I2");

        Assert.Equal(("domain.invoices", "I1,I2"), (asked!.Table, string.Join(',', asked.RowIds)));
        Assert.Equal(["invoice_id", "order_id"], rows.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(("I1", JsonValueKind.Null), (rows.GetProperty("rows")[0][0].GetString(), rows.GetProperty("rows")[0][1].ValueKind));
    }

    [Theory]
    [InlineData("/api/portfolio/patterns?minConfidence=7", "min_confidence", "minConfidence")]
    [InlineData("/api/portfolio/patterns?size=900", "page.size", "size")]
    [InlineData("/api/portfolio/patterns?from=2026-01-01", "changed.from", "from")]
    [InlineData("/api/portfolio/comparison?customers=C1", "customer_ids", "customers")]
    [InlineData("/api/portfolio/comparison?customers=C1", "customer_ids[0]", "customers")]
    [InlineData("/api/rows?table=x", "row_ids", "id")]
    public async Task Refusal_OfAService_NamesTheFieldAsTheApiDoes(string path, string proto, string api)
    {
        platform.ListPortfolio = _ => throw RpcErrors.InvalidArgument(proto, "is out of range");
        platform.Compare = _ => throw RpcErrors.InvalidArgument(proto, "is out of range");
        platform.GetRows = _ => throw RpcErrors.InvalidArgument(proto, "is out of range");
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("is out of range", problem.GetProperty("errors").GetProperty(api)[0].GetString());
        Assert.Equal($"{api} is out of range.", problem.GetProperty("detail").GetString());
    }

    private static Insight Shift() => new()
    {
        Id = "i1", Type = "payment_timing_shift", Confidence = 0.95, SampleSize = 20, Text = "Pays 14 days later.", Figures = { ["mean_before"] = new Value { Days = 2.5 } },
    };

    private async Task<JsonElement> GetAsync(string path)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        return await http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
    }
}
