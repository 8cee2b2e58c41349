using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Budgets;

/// <summary>Budgets as callers meet them. A call of these tests costs 0.0036 USD and has 1,200 tokens.</summary>
public sealed class BudgetTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("money", "0.0037", "0.0036")]
    [InlineData("tokens", "1201", "1200")]
    [InlineData("requests", "2", "1")]
    public async Task Race_OneUnitLeftAndThreeReplicas_GoesOverByOneCallAtMost(string unit, string limit, string ofACall)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        var othersAreRefused = new TaskCompletionSource();
        provider.Otherwise = async http =>
        {
            await othersAreRefused.Task.WaitAsync(TimeSpan.FromSeconds(60), http.RequestAborted);
            await Answers.Ok(http);
        };
        var settings = Settings(provider, unit, limit).ToArray();
        await using var first = await RunningGateway.StartAloneAsync(servers, settings, Token);
        await using var second = await RunningGateway.StartBesideAsync(first, servers, settings, Token);
        await using var third = await RunningGateway.StartBesideAsync(first, servers, settings, Token);
        await first.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        RunningGateway[] replicas = [first, second, third];
        var left = 200;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async call =>
        {
            var outcome = await OutcomeAsync(replicas[call % 3]);
            if (Interlocked.Decrement(ref left) == 1)
            {
                othersAreRefused.SetResult();
            }

            return outcome;
        }));

        var succeeded = outcomes.Count(outcome => outcome == "OK");
        var one = decimal.Parse(ofACall, CultureInfo.InvariantCulture);
        Assert.True((succeeded + 1) * one <= decimal.Parse(limit, CultureInfo.InvariantCulture) + one, $"{succeeded} of 200 calls went through");
        Assert.Equal(1, succeeded);
        Assert.Equal(199, outcomes.Count(outcome => outcome == "BUDGET_EXCEEDED"));
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public async Task Refusal_NothingLeft_NamesLimitRestAndReset()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, Settings(provider, "money", "0.001"), Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.ResourceExhausted, "BUDGET_EXCEEDED"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.StartsWith("The budget of 0.001 USD a month is used up: 0.00 USD are left. It resets at ", error.Status.Detail, StringComparison.Ordinal);
        var metadata = RpcErrors.Metadata(error);
        Assert.Equal(("0.001 USD", "money", "month", "0.00 USD"), (metadata["limit"], metadata["unit"], metadata["window"], metadata["left"]));
        var resets = DateTimeOffset.Parse(metadata["resets_at"], CultureInfo.InvariantCulture);
        Assert.Equal((1, TimeSpan.Zero), (resets.Day, resets.TimeOfDay));
        Assert.InRange(resets - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromDays(31));
    }

    [Fact]
    public async Task Refusal_OfOneOrganization_LeavesTheOthersAlone()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, Settings(provider, "requests", "1"), Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        await gateway.RefusedAsync(RunningGateway.Question, Token);

        var other = new Metadata { { RequestHeaders.OrganizationId, "acme" } };
        var answer = await gateway.Models.CompleteAsync(RunningGateway.Question, other, cancellationToken: Token);

        Assert.Equal("Delta owes 12.50 EUR.", answer.Text);
    }

    [Fact]
    public async Task Reservation_LessIsUsedThanReserved_LetsTheNextCallThrough()
    {
        // A call reserves more than 0.0080 USD and uses 0.0036: while the first is on its way nothing is left for the second.
        await using var provider = await FakeProvider.StartAsync(Token);
        var answer = new TaskCompletionSource();
        provider.Otherwise = async http =>
        {
            await answer.Task.WaitAsync(TimeSpan.FromSeconds(60), http.RequestAborted);
            await Answers.Ok(http);
        };
        await using var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. Settings(provider, "money", "0.0080"), ("modelGateway:budgets:waitForReservations", "00:00:20")], Token);

        var first = OutcomeAsync(gateway);
        await Eventually.HoldsAsync(() => provider.Requests.Count == 1, "the first call is on its way");
        var second = OutcomeAsync(gateway);
        var budget = Assert.Single((await gateway.Usage.ListBudgetsAsync(new ListBudgetsRequest(), cancellationToken: Token)).Budgets);
        Assert.Equal("0", budget.Left);
        Assert.False(second.IsCompleted);
        answer.SetResult();

        Assert.Equal(["OK", "OK"], await Task.WhenAll(first, second));
    }

    [Fact]
    public async Task Failure_NothingUsed_FreesTheReservation()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Status(400));
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, Settings(provider, "money", "0.001"), Token);

        await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal("OK", await OutcomeAsync(gateway));
        Assert.Equal("BUDGET_EXCEEDED", await OutcomeAsync(gateway));
    }

    [Fact]
    public async Task Reserve_CallerLeavesWhileRedisIsAsked_FreesWhatRedisReserved()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [.. Settings(provider, "requests", "1"), ("ConnectionStrings:redis", redis.ConnectionString)], Token);
        var guard = gateway.Services.GetRequiredService<BudgetGuard>();
        await guard.StatesAsync("acme", Token);
        await PausedRedis.PauseAsync(redis, TimeSpan.FromMilliseconds(500));
        using var leaving = new CancellationTokenSource();
        var reserving = guard.ReserveAsync("left", "acme", "primary", TokenCount.None, null, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reserving);
        Assert.Equal((0, 1), Assert.Single((await guard.StatesAsync("acme", Token))!) is var state ? (state.Reserved, state.Left) : default);
        Assert.NotNull(await guard.ReserveAsync("next", "acme", "primary", TokenCount.None, null, Token));
    }

    [Fact]
    public async Task Reserve_RedisAnswersTooLate_FreesWhatRedisReserved()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. Settings(provider, "requests", "1"), ("ConnectionStrings:redis", redis.ConnectionString), .. Impatient], Token);
        var guard = gateway.Services.GetRequiredService<BudgetGuard>();
        await Eventually.HoldsAsync(async () => await guard.StatesAsync("acme", Token) is not null, "Redis is connected");
        await PausedRedis.PauseAsync(redis, TimeSpan.FromSeconds(1));

        Assert.Null(await guard.ReserveAsync("unheard", "acme", "primary", TokenCount.None, null, Token));

        await using var second = await RunningGateway.StartBesideAsync(
            gateway, servers, [.. Settings(provider, "requests", "1"), ("ConnectionStrings:redis", redis.ConnectionString)], Token);
        await Eventually.HoldsAsync(
            async () => await second.Services.GetRequiredService<BudgetGuard>().StatesAsync("acme", Token) is [{ Reserved: 0, Birth.Length: > 0 }], "nothing is reserved");
    }

    [Fact]
    public async Task Settle_RedisIsLeftAlone_FreesTheReservation()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. Settings(provider, "requests", "5"), ("ConnectionStrings:redis", redis.ConnectionString), .. Impatient], Token);
        var guard = gateway.Services.GetRequiredService<BudgetGuard>();
        BudgetLease? lease = null;
        await Eventually.HoldsAsync(async () => (lease = await guard.ReserveAsync("held", "acme", "primary", TokenCount.None, null, Token)) is not null, "Redis is connected");
        await PausedRedis.PauseAsync(redis, TimeSpan.FromSeconds(1));
        Assert.Null(await guard.ReserveAsync("unheard", "acme", "primary", TokenCount.None, null, Token));

        await guard.SettleAsync("held", lease, TokenCount.None, Price.Unknown, asked: true);

        await Eventually.HoldsAsync(async () => await PausedRedis.FieldAsync(redis, lease!.Held[0].Budget.Key, "r") == "0", "nothing is reserved");
    }

    [Fact]
    public async Task Repeat_SameKey_IsCountedOnce()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, Settings(provider, "money", "0.005"), Token);
        var request = RunningGateway.Question;
        request.IdempotencyKey = "once";

        for (var call = 0; call < 4; call++)
        {
            await gateway.Models.CompleteAsync(request, cancellationToken: Token);
        }

        var budget = Assert.Single((await gateway.Usage.ListBudgetsAsync(new ListBudgetsRequest(), cancellationToken: Token)).Budgets);
        Assert.Equal(("0.0036", "0.0014", "0"), (budget.Spent, budget.Left, budget.Reserved));
    }

    [Fact]
    public async Task Money_ModelWithoutPrice_IsNotCalled()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        var settings = Settings(provider, "money", "1").Where(setting => !setting.Key.Contains(":prices:", StringComparison.Ordinal));
        await using var gateway = await RunningGateway.StartAloneAsync(servers, settings, Token);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.FailedPrecondition, "PRICE_UNKNOWN"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Contains("\"model-x\" of \"fake\" in USD", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task RedisAway_MoneyIsClosedAndCountsAreOpen()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var money = await RunningGateway.StartAloneAsync(servers, [.. Settings(provider, "money", "1"), ("ConnectionStrings:redis", RunningGateway.RedisAway)], Token);
        await using var tokens = await RunningGateway.StartAloneAsync(servers, [.. Settings(provider, "tokens", "1"), ("ConnectionStrings:redis", RunningGateway.RedisAway)], Token);
        await using var opened = await RunningGateway.StartAloneAsync(
            servers, [.. Settings(provider, "money", "1"), ("ConnectionStrings:redis", RunningGateway.RedisAway), ("modelGateway:budgets:moneyWhenAway", "open")], Token);

        var error = await money.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.Unavailable, "BUDGET_UNAVAILABLE"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Contains("1.00 USD a month", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("OK", await OutcomeAsync(tokens));
        Assert.Equal("OK", await OutcomeAsync(opened));
    }

    [Fact]
    public async Task RedisLosesItsKeys_CountersAreMadeFromTheLedger()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        (string, string?)[] settings =
        [
            .. Settings(provider, "money", "0.007"), ("ConnectionStrings:redis", redis.ConnectionString),
            ("modelGateway:limits:sharedTimeout", "00:00:00.25"), ("modelGateway:budgets:sharedTimeout", "00:00:00.25"),
        ];
        await using var gateway = await RunningGateway.StartAloneAsync(servers, settings, Token);
        await Eventually.HoldsAsync(async () => await OutcomeAsync(gateway) == "OK", "Redis is connected");
        Assert.Equal("OK", await OutcomeAsync(gateway));
        await Eventually.HoldsAsync(async () => await CountAsync(gateway) == 2, "both are in the ledger");

        await redis.StopAsync(Token);
        await Eventually.HoldsAsync(async () => await OutcomeAsync(gateway) == "BUDGET_UNAVAILABLE", "money is closed");
        await redis.StartAsync(Token);

        await Eventually.HoldsAsync(async () => await OutcomeAsync(gateway) == "BUDGET_EXCEEDED", "what was spent is known again");
        Assert.Equal(2, provider.Requests.Count);
    }

    // After one question that is not answered in time Redis is left alone for a while.
    private static (string, string?)[] Impatient => [("modelGateway:budgets:sharedTimeout", "00:00:00.25"), ("modelGateway:budgets:sharedCoolDown", "00:00:05")];

    private static IEnumerable<(string Key, string? Value)> Settings(FakeProvider provider, string unit, string limit) =>
    [
        .. RunningGateway.Provider(provider.BaseUrl),
        ("modelGateway:budgets:limits:0:unit", unit),
        ("modelGateway:budgets:limits:0:limit", limit),
        ("modelGateway:budgets:waitForReservations", "00:00:00"),
        ("modelGateway:models:primary:requestsPerMinute", "100000"),
        ("modelGateway:models:primary:maximumOutputTokens", "1000"),
    ];

    /// <summary>OK, or the reason of the refusal.</summary>
    private static async Task<string> OutcomeAsync(RunningGateway gateway)
    {
        try
        {
            await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
            return "OK";
        }
        catch (RpcException error)
        {
            return RpcErrors.Reason(error);
        }
    }

    private static async Task<long> CountAsync(RunningGateway gateway)
    {
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM app.usage");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
