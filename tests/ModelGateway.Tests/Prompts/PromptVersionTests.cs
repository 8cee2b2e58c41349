using Grpc.Core;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Prompts;

public sealed class PromptVersionTests(PlatformServers servers)
{
    private static readonly Metadata Session = new() { { RequestHeaders.SessionId, "s-1" } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Render_NoOwnVersion_UsesTheBuiltIn()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);

        var rendered = await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } }, cancellationToken: Token);

        Assert.True(rendered.Version.BuiltIn);
        Assert.Equal([Role.System, Role.User], rendered.Messages.Select(message => message.Role));
        Assert.Contains("<question>\nhi\n</question>", rendered.Messages[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_DatabaseAway_UsesTheBuiltIn()
    {
        await using var gateway = await RunningGateway.StartAsync("Host=127.0.0.1;Port=9;Username=nobody;Timeout=1", [], Token);

        var rendered = await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } }, cancellationToken: Token);

        Assert.True(rendered.Version.BuiltIn);
    }

    [Fact]
    public async Task Render_DatabaseThatDoesNotAnswer_UsesTheBuiltInAfterTwoSeconds()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        await using var other = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using var connection = await other.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("LOCK TABLE app.prompt_versions IN ACCESS EXCLUSIVE MODE", connection, transaction);
        await hold.ExecuteNonQueryAsync(Token);

        var rendered = await gateway.Prompts.RenderAsync(
            new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20), cancellationToken: Token);

        Assert.True(rendered.Version.BuiltIn);
    }

    [Fact]
    public async Task Render_MissingVariable_NamesIt()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "intent" }, cancellationToken: Token));

        Assert.Contains("variables.question", error.Status.Detail, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "nothing" }, cancellationToken: Token));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Versions_CreateActivateDeactivate_DecideWhatIsRendered()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        var first = await CreateAsync(gateway, "one {{question}}");
        var second = await CreateAsync(gateway, "two {{question}}");
        Assert.Equal((1, 2, false), (first.Version, second.Version, first.IsActive));
        Assert.Equal("anonymous", first.CreatedBy);

        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, cancellationToken: Token);
        Assert.Equal("one hi", await RenderAsync(gateway));
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 2 }, cancellationToken: Token);
        Assert.Equal("two hi", await RenderAsync(gateway));
        var stopped = await gateway.Prompts.DeactivateVersionAsync(new DeactivateVersionRequest { PromptName = "intent", Version = 2 }, cancellationToken: Token);
        Assert.NotNull(stopped.DeactivatedAt);
        Assert.StartsWith("data\n", await RenderAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activate_WithWeights_SharesAddUpToOne()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        for (var version = 1; version <= 3; version++)
        {
            await CreateAsync(gateway, $"v{version} {{{{question}}}}");
        }

        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, cancellationToken: Token);
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 2, AbTestWeight = 0.4 }, cancellationToken: Token);
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 3, AbTestWeight = 0.5 }, cancellationToken: Token);

        var versions = await gateway.Prompts.ListVersionsAsync(new ListVersionsRequest { PromptName = "intent" }, cancellationToken: Token);
        Assert.Equal([(3, 0.5), (2, 0.2), (1, 0.3)], versions.Versions.Where(version => !version.BuiltIn).Select(version => (version.Version, version.AbTestWeight)));
    }

    [Fact]
    public async Task Versions_OtherOrganization_SeesNone()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        await CreateAsync(gateway, "one {{question}}");
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, cancellationToken: Token);
        var other = new Metadata { { RequestHeaders.OrganizationId, "acme" } };

        var rendered = await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } }, other, cancellationToken: Token);

        Assert.True(rendered.Version.BuiltIn);
        var missing = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, other, cancellationToken: Token));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task ListVersions_Pages_CoverAllOnce()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);
        for (var version = 0; version < 5; version++)
        {
            await CreateAsync(gateway, "x {{question}}");
        }

        var seen = new List<int>();
        var request = new ListVersionsRequest { PromptName = "intent", Page = new PageRequest { Size = 2 } };
        do
        {
            var page = await gateway.Prompts.ListVersionsAsync(request, cancellationToken: Token);
            seen.AddRange(page.Versions.Select(version => version.Version));
            request.Page.Token = page.Page.NextToken;
        }
        while (request.Page.Token.Length > 0);

        Assert.Equal([5, 4, 3, 2, 1, 0], seen);
    }

    [Fact]
    public async Task Create_AtTheSameTime_GetsDistinctNumbers()
    {
        await using var gateway = await RunningGateway.StartAloneAsync(servers, [], Token);

        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CreateAsync(gateway, "x {{question}}")));

        Assert.Equal(Enumerable.Range(1, 10), created.Select(version => version.Version).Order());
    }

    private static async Task<PromptVersion> CreateAsync(RunningGateway gateway, string content) =>
        await gateway.Prompts.CreateVersionAsync(new CreateVersionRequest { Version = new PromptVersion { PromptName = "intent", Content = content } }, cancellationToken: Token);

    private static async Task<string> RenderAsync(RunningGateway gateway) =>
        (await gateway.Prompts.RenderAsync(new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } }, Session, cancellationToken: Token)).Messages[^1].Text;
}
