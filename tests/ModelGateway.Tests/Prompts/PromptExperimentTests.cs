using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Usage;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Prompts;

/// <summary>A test of two versions from its begin to its end.</summary>
public sealed class PromptExperimentTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Period Period
    {
        get
        {
            var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            return new Period { From = Iso(day.AddDays(-1)), Until = Iso(day.AddDays(2)) };
            static Date Iso(DateOnly day) => new() { Iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        }
    }

    [Fact]
    public async Task RollBack_SeveralChanges_GoesBackOneByOne()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        await CreateAsync(gateway, 3);
        await ActivateAsync(gateway, 1);
        await ActivateAsync(gateway, 2);
        await ActivateAsync(gateway, 3, 0.25);
        Assert.Equal("2:0.75 3:0.25", await ActiveAsync(gateway));

        Assert.Equal("2:", State(await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token)));
        Assert.Equal("1:", State(await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token)));
        Assert.Equal("", State(await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token)));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);

        await ActivateAsync(gateway, 3);
        Assert.Equal("", State(await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token)));
    }

    [Fact]
    public async Task Deactivate_OneOfThree_LeavesSharesThatAddUpToOne()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        await CreateAsync(gateway, 3);
        await ActivateAsync(gateway, 1);
        await ActivateAsync(gateway, 2, 0.4);
        await ActivateAsync(gateway, 3, 0.5);

        await gateway.Prompts.DeactivateVersionAsync(new DeactivateVersionRequest { PromptName = "intent", Version = 3 }, cancellationToken: Token);

        Assert.Equal("1:0.6 2:0.4", await ActiveAsync(gateway));
    }

    [Fact]
    public async Task Calls_OfAVersion_AreItsPerformance()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Status(400));
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        await CreateAsync(gateway, 1);
        var request = RunningGateway.Question;
        (request.PromptName, request.PromptVersion) = ("intent", 1);
        await gateway.RefusedAsync(request, Token);
        for (var call = 0; call < 3; call++)
        {
            await gateway.Models.CompleteAsync(request, cancellationToken: Token);
        }

        await gateway.Prompts.RecordFeedbackAsync(Feedback("r-1", 2), cancellationToken: Token);
        await gateway.Prompts.RecordFeedbackAsync(Feedback("r-1", 5), cancellationToken: Token);
        await gateway.Prompts.RecordFeedbackAsync(Feedback("r-2", 4), cancellationToken: Token);
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await Eventually.HoldsAsync(async () => await TextAsync(database, "SELECT count(*)::text FROM app.usage") == "4", "four rows");

        Assert.Equal(
            "4|3|1|900|0.002700|4.50",
            await TextAsync(database, "SELECT concat_ws('|', execution_count, success_count, failure_count, avg_tokens_used, avg_cost_usd, user_feedback_score) FROM app.prompt_performance"));
        var performance = Assert.Single((await gateway.Prompts.CompareAsync(new CompareRequest { PromptName = "intent", Period = Period }, cancellationToken: Token)).Performances);
        Assert.Equal((4, 3, 1, 900.0, "0.0027", 4.5, 2), (performance.Executions, performance.Successes, performance.Failures, performance.AverageTokens, performance.AverageCost.Amount, performance.FeedbackScore, performance.FeedbackCount));

        static RecordFeedbackRequest Feedback(string request, double score) => new() { PromptName = "intent", Version = 1, RequestId = request, Score = score };
    }

    [Fact]
    public async Task Feedback_OnTheShippedPrompt_IsTheRecordOfVersionZero()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        await CreateAsync(gateway, 1);
        var request = RunningGateway.Question;
        (request.PromptName, request.PromptVersion) = ("intent", 0);
        await gateway.Models.CompleteAsync(request, cancellationToken: Token);

        foreach (var (answer, score) in ((string, double)[])[("r-1", 0), ("r-1", 5), ("r-2", 0)])
        {
            await gateway.Prompts.RecordFeedbackAsync(new RecordFeedbackRequest { PromptName = "intent", Version = 0, RequestId = answer, Score = score }, cancellationToken: Token);
        }

        await gateway.Prompts.RecordFeedbackAsync(new RecordFeedbackRequest { PromptName = "intent", Version = 1, RequestId = "r-3", Score = 4 }, cancellationToken: Token);
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await Eventually.HoldsAsync(async () => await TextAsync(database, "SELECT count(*)::text FROM app.usage") == "1", "one row");

        var performances = (await gateway.Prompts.CompareAsync(new CompareRequest { PromptName = "intent", Period = Period }, cancellationToken: Token)).Performances;
        Assert.Equal([(0, 1L, 2.5, 2L), (1, 0L, 4.0, 1L)], performances.Select(p => (p.Version, p.Executions, p.FeedbackScore, p.FeedbackCount)));
    }

    [Fact]
    public async Task RecordFeedback_VersionZeroOfAPromptThatDoesNotShip_IsNotFound()
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [], Token);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Prompts.RecordFeedbackAsync(new RecordFeedbackRequest { PromptName = "nothing", Version = 0, RequestId = "r", Score = 3 }, cancellationToken: Token));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Theory]
    [InlineData(6, "r", "score")]
    [InlineData(double.NaN, "r", "score")]
    [InlineData(3, "", "request_id")]
    public async Task RecordFeedback_BadInput_NamesTheField(double score, string request, string field)
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [], Token);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Prompts.RecordFeedbackAsync(new RecordFeedbackRequest { PromptName = "intent", Version = 1, RequestId = request, Score = score }, cancellationToken: Token));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(field, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordFeedback_NoSuchVersion_IsNotFound()
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [], Token);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Prompts.RecordFeedbackAsync(new RecordFeedbackRequest { PromptName = "nothing", Version = 1, RequestId = "r", Score = 3 }, cancellationToken: Token));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Guard_WorseVersion_IsPausedOnceAndCanBeRolledBack()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        await CreateAsync(gateway, 2);
        await ActivateAsync(gateway, 1);
        await ActivateAsync(gateway, 2, 0.5);
        await AddAsync(gateway, 1, successes: 380, failures: 20, latency: 100);
        await AddAsync(gateway, 2, successes: 300, failures: 100, latency: 300);
        var guard = gateway.Services.GetRequiredService<PromptGuard>();

        var compared = await gateway.Prompts.CompareAsync(new CompareRequest { PromptName = "intent", Period = Period }, cancellationToken: Token);
        await guard.LookAsync(Token);
        await guard.LookAsync(Token);

        var comparison = Assert.Single(compared.Comparisons);
        Assert.Equal((1, 2, true, "worse"), (comparison.Baseline, comparison.Version, comparison.Enough, comparison.Verdict));
        Assert.Equal(-0.2, comparison.SuccessDifference, 9);
        Assert.InRange(comparison.SuccessDifferenceHigh, -0.2, -0.1);
        Assert.True(comparison is { SuccessPValue: < 1e-6, LatencyPValue: < 1e-6, SlowerProbability: 1, LatencyDifferenceMs: > 190 and < 210 });
        Assert.Equal("1:", await ActiveAsync(gateway));
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        Assert.Equal(
            "pause by platform:guard: 75.0 % of 400 succeeded, 95.0 % of 400 of version 1",
            await TextAsync(database, "SELECT string_agg(action || ' by ' || changed_by || ': ' || reason, ';') FROM app.prompt_changes WHERE action = 'pause'"));
        await gateway.Prompts.RollBackAsync(new RollBackRequest { PromptName = "intent" }, cancellationToken: Token);
        Assert.Equal("1:0.5 2:0.5", await ActiveAsync(gateway));

        // What counted before the change does not count again.
        await guard.LookAsync(Token);
        Assert.Equal("1:0.5 2:0.5", await ActiveAsync(gateway));
    }

    [Fact]
    public async Task Render_DatabaseGoesAway_KeepsWhatWasActive()
    {
        await using var postgres = await PlatformServers.StartOwnPostgresAsync(Token);
        await using (var root = NpgsqlDataSource.Create(postgres.ConnectionString))
        {
            await PlatformSchema.CreateAsync(root, Token);
        }

        await using var gateway = await RunningGateway.StartAsync(postgres.ConnectionString, [], Token);
        await CreateAsync(gateway, 1);
        await ActivateAsync(gateway, 1);
        var request = new RenderRequest { PromptName = "intent", Variables = { ["query"] = "hi" } };
        Assert.Equal("v1 hi", (await gateway.Prompts.RenderAsync(request, cancellationToken: Token)).Messages[^1].Text);

        await postgres.StopAsync(Token);

        Assert.Equal("v1 hi", (await gateway.Prompts.RenderAsync(request, cancellationToken: Token)).Messages[^1].Text);
        request = new RenderRequest { PromptName = "result_explanation", Variables = { ["question"] = "why?", ["result"] = "{{question}}" } };
        var other = await gateway.Prompts.RenderAsync(request, cancellationToken: Token);
        Assert.True(other.Version.BuiltIn);
        Assert.Contains("Result:\n{{question}}", other.Messages[^1].Text, StringComparison.Ordinal);
    }

    private static async Task CreateAsync(RunningGateway gateway, int versions)
    {
        for (var version = 1; version <= versions; version++)
        {
            await gateway.Prompts.CreateVersionAsync(
                new CreateVersionRequest { Version = new PromptVersion { PromptName = "intent", Content = $"v{version} {{{{query}}}}" } }, cancellationToken: Token);
        }
    }

    private static async Task ActivateAsync(RunningGateway gateway, int version, double? weight = null)
    {
        var request = new ActivateVersionRequest { PromptName = "intent", Version = version };
        if (weight is { } share)
        {
            request.AbTestWeight = share;
        }

        await gateway.Prompts.ActivateVersionAsync(request, cancellationToken: Token);
    }

    private static Task AddAsync(RunningGateway gateway, int version, int successes, int failures, int latency) =>
        gateway.Services.GetRequiredService<UsageStore>().AddAsync(
            [.. Enumerable.Range(0, successes + failures).Select(call => new UsageRow(
                "default", $"{version}-{call}", "r", "intent", "fake", "model-x", "intent", version, new TokenCount(10, 5, 0, 0, false), new Price(0.001m, "USD", "1"),
                call < successes ? "success" : "server_error", TimeSpan.FromMilliseconds(latency + (call % 50)), TimeProvider.System.GetUtcNow()))],
            Token);

    private static async Task<string> ActiveAsync(RunningGateway gateway)
    {
        var listed = await gateway.Prompts.ListVersionsAsync(new ListVersionsRequest { PromptName = "intent" }, cancellationToken: Token);
        return State(listed.Versions.Where(version => version is { IsActive: true, BuiltIn: false }));
    }

    private static string State(RollBackResponse response) => State(response.Active);

    private static string State(IEnumerable<PromptVersion> versions) => string.Join(' ', versions.OrderBy(version => version.Version).Select(version =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Version}:{(version.HasAbTestWeight ? version.AbTestWeight : null)}")));

    private static async Task<string> TextAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Token) ?? "");
    }
}
