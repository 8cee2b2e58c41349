using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;
using MatchType = Platform.Contracts.EntityResolution.V1.MatchType;

namespace Platform.EntityResolution.Tests.Service;

/// <summary>The whole service over gRPC, on a database of its own because aliases are written.</summary>
public sealed class EntityResolutionServiceTests(PlatformServers servers) : IAsyncLifetime
{
    private WebApplicationFactory<ResolutionOptions>? _factory;
    private GrpcChannel? _channel;

    private EntityResolutionService.EntityResolutionServiceClient Client => new(_channel!);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await servers.CreateDatabaseAsync("entity_resolution", Token);
        await Schema.CreateAsync(connectionString, Token);
        _factory = new WebApplicationFactory<ResolutionOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:platform", connectionString)
            .UseSetting("entityResolution:databaseTimeout", "00:00:20"));
        _channel = GrpcChannel.ForAddress(_factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _factory.Server.CreateHandler() });
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }
    }

    [Fact]
    public async Task Resolve_KnownName_AnswersWithRegistryAndCorrelation()
    {
        var response = await Client.ResolveAsync(new ResolveRequest { Text = "What is Delta Industries' balance?", CorrelationId = "7" }, cancellationToken: Token);
        var mention = Assert.Single(response.Mentions);
        Assert.Equal(("Delta Industries", 8, 16), (mention.Text, mention.Start, mention.Length));
        Assert.Equal(new EntityRef { Type = EntityType.Customer, Id = "C-1", Name = "Delta Industries" }, mention.Match.Entity);
        Assert.Equal(MatchType.Exact, mention.Match.MatchType);
        Assert.Equal("7", response.CorrelationId);
        Assert.False(response.Registry.Stale);
        Assert.True(response.Registry.Names >= 15);
    }

    [Fact]
    public async Task Resolve_PendingChoiceAnswered_SettlesItAndRemembers()
    {
        var ambiguous = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Delta doing?" }, cancellationToken: Token)).Mentions);
        Assert.True(ambiguous.DisambiguationNeeded);
        Assert.Null(ambiguous.Match);
        var pending = new PendingChoice { Text = "How is Delta doing?", Mention = "Delta" };
        pending.Offered.AddRange(ambiguous.Candidates.Select(c => c.Entity));

        var settled = await Client.ResolveAsync(new ResolveRequest { Text = "the logistics one", Pending = pending }, User("anna"), cancellationToken: Token);
        Assert.Equal("C-2", settled.Chosen.Id);
        Assert.Equal("How is Delta doing?", settled.PendingText);

        var again = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Delta doing?" }, cancellationToken: Token)).Mentions);
        Assert.Equal(("C-2", MatchType.Alias), (again.Match.Entity.Id, again.Match.MatchType));
        var full = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Delta Industries doing?" }, cancellationToken: Token)).Mentions);
        Assert.Equal("C-1", full.Match.Entity.Id);
        var alias = Assert.Single((await Client.ListAliasesAsync(new ListAliasesRequest { Entity = settled.Chosen }, cancellationToken: Token)).Aliases);
        Assert.Equal(("Delta", AliasOrigin.Choice, "anna", "Delta Logistics GmbH"), (alias.Alias_, alias.Origin, alias.CreatedBy, alias.Entity.Name));
    }

    [Fact]
    public async Task Resolve_PendingChoiceNotAnswered_ResolvesTheTextItself()
    {
        var pending = new PendingChoice { Text = "How is Delta doing?", Mention = "Delta", Offered = { Customer("C-1", "Delta Industries"), Customer("C-2", "Delta Logistics GmbH") } };
        var response = await Client.ResolveAsync(new ResolveRequest { Text = "What is the status of Blue Ocean Foods?", Pending = pending }, cancellationToken: Token);
        Assert.Null(response.Chosen);
        Assert.Equal("C-8", Assert.Single(response.Mentions).Match.Entity.Id);
    }

    [Fact]
    public async Task Choose_NotToRemember_StoresNoAlias()
    {
        var request = new ChooseRequest { Choice = "2", Mention = "Delta", Offered = { Customer("C-1", "Delta Industries"), Customer("C-2", "Delta Logistics GmbH") } };
        var response = await Client.ChooseAsync(request, cancellationToken: Token);
        Assert.Equal("C-2", response.Entity.Id);
        Assert.Null(response.Alias);
        Assert.Empty((await Client.ListAliasesAsync(new ListAliasesRequest { Entity = response.Entity }, cancellationToken: Token)).Aliases);
    }

    [Fact]
    public async Task Choose_UnclearAnswer_NamesTheField()
    {
        var request = new ChooseRequest { Choice = "perhaps", Mention = "Delta", Offered = { Customer("C-1", "Delta Industries"), Customer("C-2", "Delta Logistics GmbH") } };
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.ChooseAsync(request, cancellationToken: Token).ResponseAsync);
        AssertViolation(error, "choice", "1 to 2");
    }

    [Fact]
    public async Task Aliases_CreateListDelete_RoundTrip()
    {
        var created = await Client.CreateAliasAsync(new CreateAliasRequest { Alias = "  The Blue Ones ", Entity = Customer("C-8", "") }, User("ben"), cancellationToken: Token);
        Assert.Equal(("The Blue Ones", AliasOrigin.Manual, "ben", "Blue Ocean Foods"), (created.Alias_, created.Origin, created.CreatedBy, created.Entity.Name));
        var mention = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How are \"the blue ones\" doing?" }, cancellationToken: Token)).Mentions);
        Assert.Equal(("C-8", MatchType.Alias), (mention.Match.Entity.Id, mention.Match.MatchType));

        var first = await Client.ListAliasesAsync(new ListAliasesRequest { Page = new PageRequest { Size = 1 } }, cancellationToken: Token);
        var second = await Client.ListAliasesAsync(new ListAliasesRequest { Page = new PageRequest { Size = 1, Token = first.Page.NextToken } }, cancellationToken: Token);
        Assert.Equal(["Big D", "The Blue Ones"], first.Aliases.Concat(second.Aliases).Select(a => a.Alias_));
        Assert.Empty(second.Page.NextToken);

        Assert.True((await Client.DeleteAliasAsync(new DeleteAliasRequest { Id = created.Id }, cancellationToken: Token)).Deleted);
        Assert.False((await Client.DeleteAliasAsync(new DeleteAliasRequest { Id = created.Id }, cancellationToken: Token)).Deleted);
        Assert.DoesNotContain((await Client.ResolveAsync(new ResolveRequest { Text = "How are \"the blue ones\" doing?" }, cancellationToken: Token)).Mentions, m => m.Match is not null);
    }

    [Fact]
    public async Task CreateAlias_TakenByAnotherEntity_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.CreateAliasAsync(new CreateAliasRequest { Alias = "BIG-D", Entity = Customer("C-8", "") }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
    }

    [Fact]
    public async Task CreateAlias_EntityThatDoesNotExist_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.CreateAliasAsync(new CreateAliasRequest { Alias = "Nobody", Entity = Customer("C-999", "") }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Calls_OfAnotherOrganization_SeeOnlyTheirOwn()
    {
        var other = new Metadata { { "x-organization-id", "other" } };
        Assert.DoesNotContain((await Client.ResolveAsync(new ResolveRequest { Text = "status of Delta Industries" }, other, cancellationToken: Token)).Mentions, m => m.Match is not null);
        Assert.Equal(["Golden Goose"], (await Client.ListAliasesAsync(new ListAliasesRequest(), other, cancellationToken: Token)).Aliases.Select(a => a.Alias_));
        Assert.Empty((await Client.SuggestAsync(new SuggestRequest { Prefix = "Delta" }, other, cancellationToken: Token)).Candidates);
        Assert.Equal(2, (await Client.GetRegistryStatusAsync(new GetRegistryStatusRequest(), other, cancellationToken: Token)).Names);
    }

    [Theory]
    [InlineData("del", "C-1,C-2")]
    [InlineData("ocean f", "C-8,C-9")]
    [InlineData("müll", "C-5")]
    [InlineData("detla industries", "C-1")]
    [InlineData("!!", "")]
    public async Task Suggest_Typed_CompletesNames(string prefix, string ids)
    {
        var found = (await Client.SuggestAsync(new SuggestRequest { Prefix = prefix }, cancellationToken: Token)).Candidates.Select(c => c.Entity.Id);
        var expected = ids.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, found.Take(expected.Length));
        Assert.True(expected.Length > 0 || !found.Any());
    }

    [Fact]
    public async Task ResolveBatch_ManyTexts_AnswersInOrder()
    {
        using var call = Client.ResolveBatch(cancellationToken: Token);
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new ResolveRequest { Text = i % 2 == 0 ? "status of Delta Industries" : "Hello", CorrelationId = $"{i}" }, Token);
        }

        await call.RequestStream.CompleteAsync();
        var answers = new List<(string Id, int Mentions)>();
        while (await call.ResponseStream.MoveNext(Token))
        {
            answers.Add((call.ResponseStream.Current.CorrelationId, call.ResponseStream.Current.Mentions.Count));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => ($"{i}", i % 2 == 0 ? 1 : 0)), answers);
    }

    [Fact]
    public async Task Resolve_OneMegabyte_NamesTextAndLimit() =>
        AssertViolation(await RefusedAsync(new ResolveRequest { Text = new string('x', 1_000_000) }), "text", "8000");

    [Fact]
    public async Task Resolve_SeveralFaults_NamesThemAll()
    {
        var error = await RefusedAsync(new ResolveRequest { MaxCandidates = 99, ConversationEntities = { new EntityRef() } });
        AssertViolation(error, "text", "empty");
        AssertViolation(error, "max_candidates", "1 to 20");
        AssertViolation(error, "conversation_entities[0].type", "customer");
    }

    private static Metadata User(string user) => new() { { "x-user-id", user } };

    private static EntityRef Customer(string id, string name) => new() { Type = EntityType.Customer, Id = id, Name = name };

    private static void AssertViolation(RpcException error, string field, string part)
    {
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var details = error.Trailers.GetValueBytes("grpc-status-details-bin");
        Assert.NotNull(details);
        var violations = Google.Rpc.Status.Parser.ParseFrom(details).Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations;
        Assert.Contains(part, violations.Single(v => v.Field == field).Description, StringComparison.Ordinal);
    }

    private async Task<RpcException> RefusedAsync(ResolveRequest request) =>
        await Assert.ThrowsAsync<RpcException>(() => Client.ResolveAsync(request, cancellationToken: Token).ResponseAsync);
}
