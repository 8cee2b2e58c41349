using System.Globalization;
using System.Text;
using Grpc.Core;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Usage;

public sealed class UsageTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Period Today
    {
        get
        {
            var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            return new Period { From = new Date { Iso = day.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }, Until = new Date { Iso = day.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } };
        }
    }

    [Fact]
    public async Task Usage_CallsOfOneKey_AreChargedOnce()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        var request = RunningGateway.Question;
        request.IdempotencyKey = "key-1";

        await gateway.Models.CompleteAsync(request, cancellationToken: Token);
        await gateway.Models.CompleteAsync(request, cancellationToken: Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 2, "two rows");
        var allocation = await gateway.Usage.GetAllocationAsync(new GetAllocationRequest { Period = Today }, cancellationToken: Token);
        var line = Assert.Single(allocation.Lines);
        Assert.Equal(("default", "response_generation", "model-x", 2L), (line.OrganizationId, line.Operation, line.Model, line.Requests));
        Assert.Equal((2000L, 400L, 20L, 10L), (line.Tokens.Input, line.Tokens.Output, line.Tokens.CachedInput, line.Tokens.Reasoning));
        Assert.Equal(("0.0072", "0.00864", "USD"), (line.Cost.Amount, line.Charged.Amount, line.Cost.Currency));
        Assert.Equal(("0.0072", "0.00864"), (allocation.Cost.Amount, allocation.Charged.Amount));
    }

    [Fact]
    public async Task Usage_CallsOneAfterTheOther_AreWrittenTogether()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:models:primary:requestsPerMinute", "100000")], Token);
        var began = TimeProvider.System.GetTimestamp();
        for (var call = 0; call < 200; call++)
        {
            await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        }

        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 200, "all rows");

        // 50 ms are gathered before each statement.
        var most = (int)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromMilliseconds(50)) + 2;
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using var command = database.CreateCommand("SELECT count(DISTINCT xmin::text) FROM app.usage");
        Assert.InRange((long)(await command.ExecuteScalarAsync(Token))!, 1, most);
    }

    [Fact]
    public async Task Usage_OtherOrganization_SeesNothing()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 1, "one row");

        var other = await gateway.Usage.GetAllocationAsync(
            new GetAllocationRequest { Period = Today }, new Metadata { { RequestHeaders.OrganizationId, "acme" } }, cancellationToken: Token);

        Assert.Empty(other.Lines);
    }

    [Fact]
    public async Task Usage_AllOrganizations_HasABillOfEachAndTheirSum()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        foreach (var organization in new[] { "acme", "beta", "acme", "beta" })
        {
            await gateway.Models.CompleteAsync(RunningGateway.Question, new Metadata { { RequestHeaders.OrganizationId, organization } }, cancellationToken: Token);
        }

        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 4, "four rows");
        var request = new GetAllocationRequest { Period = Today, Markup = 1, AllOrganizations = true };
        var allocation = await gateway.Usage.GetAllocationAsync(request, cancellationToken: Token);
        using var export = gateway.Usage.ExportAllocation(request, cancellationToken: Token);
        var csv = new System.Text.StringBuilder();
        await foreach (var chunk in export.ResponseStream.ReadAllAsync(Token))
        {
            csv.Append(chunk.Data.ToStringUtf8());
        }

        Assert.Equal([("acme", 2L, "0.0072"), ("beta", 2L, "0.0072")], allocation.Lines.Select(line => (line.OrganizationId, line.Requests, line.Cost.Amount)));
        Assert.Equal(("0.0144", "USD"), (Assert.Single(allocation.Totals).Cost.Amount, allocation.Totals[0].Cost.Currency));

        // Each is billed for itself: 0.01 twice, not 0.01 of both.
        Assert.Equal("0.02", allocation.Totals[0].Billed.Amount);
        Assert.Equal(["organization_id", "acme", "beta"], csv.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task Usage_FailedCall_IsARowWithoutCostThatDoesNotTakeTheKey()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Status(401));
        provider.Then(Answers.Ok);
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        var request = RunningGateway.Question;
        request.IdempotencyKey = "key-1";

        await gateway.RefusedAsync(request, Token);
        await gateway.Models.CompleteAsync(request, cancellationToken: Token);

        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 2, "two rows");
        Assert.Equal(["authentication_error 0", "success 0.0036"], await RowsAsync(gateway));
    }

    [Fact]
    public async Task Usage_ServiceStops_WritesWhatIsLeft()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        await using (gateway)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token).ResponseAsync));
        }

        Assert.Equal(20, await CountAsync(gateway));
    }

    [Fact]
    public async Task Export_Lines_AreCsv()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        var request = RunningGateway.Question;
        request.Operation = "=odd, \"operation\"";
        await gateway.Models.CompleteAsync(request, cancellationToken: Token);
        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 1, "one row");

        using var call = gateway.Usage.ExportAllocation(new GetAllocationRequest { Period = Today, Markup = 2 }, cancellationToken: Token);
        var csv = new StringBuilder();
        while (await call.ResponseStream.MoveNext(Token))
        {
            csv.Append(call.ResponseStream.Current.Data.ToStringUtf8());
        }

        Assert.Equal(
            "organization_id,operation,model,requests,input_tokens,output_tokens,cached_input_tokens,reasoning_tokens,cost,charged,currency," +
            "billed,prompt_name,prompt_version,price_version,unpriced_requests\r\n" +
            "default,\"'=odd, \"\"operation\"\"\",model-x,1,1000,200,10,5,0.0036,0.0072,USD,0.01,,,2026-01,0\r\n",
            csv.ToString());
    }

    [Theory]
    [InlineData("2026-01-01", "2026-01-01", 0, "period.until")]
    [InlineData("January", "2026-01-01", 0, "period.from")]
    [InlineData("2026-01-01", "2026-02-01", 0.5, "markup")]
    public async Task GetAllocation_BadInput_NamesTheField(string from, string until, double markup, string field)
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        var request = new GetAllocationRequest { Period = new Period { From = new Date { Iso = from }, Until = new Date { Iso = until } }, Markup = markup };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Usage.GetAllocationAsync(request, cancellationToken: Token));

        Assert.Contains(field, error.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(RunningGateway gateway)
    {
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM app.usage");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<List<string>> RowsAsync(RunningGateway gateway)
    {
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using var command = database.CreateCommand("SELECT outcome || ' ' || trim_scale(cost) FROM app.usage ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
