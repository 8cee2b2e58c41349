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

    [Theory]
    [InlineData("2")]
    [InlineData("the second one")]
    [InlineData("Delta Logistics")]
    [InlineData("the one in Hamburg")]
    public async Task Resolve_PendingChoiceAnsweredAnyWay_IsRememberedUntilTakenBack(string answer)
    {
        EntityRef[] offered = [Customer("C-1", "Delta Industries"), Customer("C-2", "Delta Logistics GmbH")];
        var pending = new PendingChoice { Text = "How is Delta doing?", Mention = "Delta", Offered = { offered } };

        var settled = await Client.ResolveAsync(new ResolveRequest { Text = answer, Pending = pending }, Request("anna", "req-17"), cancellationToken: Token);

        Assert.Equal("C-2", settled.Chosen.Id);
        var alias = settled.Alias;
        Assert.Equal(("Delta", AliasOrigin.Choice, "anna", "req-17"), (alias.Alias_, alias.Origin, alias.CreatedBy, alias.RequestId));
        Assert.InRange(alias.CreatedAt.ToDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        var known = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Delta doing?" }, cancellationToken: Token)).Mentions).Match;
        Assert.Equal(("C-2", MatchType.Alias, alias.Id), (known.Entity.Id, known.MatchType, known.AliasId));

        await Client.DeleteAliasAsync(new DeleteAliasRequest { Id = known.AliasId }, cancellationToken: Token);
        Assert.True(Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Delta doing?" }, cancellationToken: Token)).Mentions).DisambiguationNeeded);
    }

    [Fact]
    public async Task Resolve_ChoiceBetweenTwoOfOneName_IsRememberedAndTheOtherStaysInSight()
    {
        var asked = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "status of Twin Peaks" }, cancellationToken: Token)).Mentions);
        Assert.True(asked.DisambiguationNeeded);
        var pending = new PendingChoice { Text = "status of Twin Peaks", Mention = "Twin Peaks", Offered = { asked.Candidates.Select(c => c.Entity) } };

        var settled = await Client.ResolveAsync(new ResolveRequest { Text = "the one in Linz", Pending = pending }, cancellationToken: Token);

        Assert.Equal("C-11", settled.Chosen.Id);
        var known = Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "status of Twin Peaks" }, cancellationToken: Token)).Mentions);
        Assert.Equal(("C-11", MatchType.Alias), (known.Match.Entity.Id, known.Match.MatchType));
        Assert.Equal(["C-11", "C-10"], known.Candidates.Select(c => c.Entity.Id));
    }

    [Fact]
    public async Task Resolve_ChoiceAgainstAnAliasMadeByHand_LeavesItStanding()
    {
        var pending = new PendingChoice { Text = "How is Big D?", Mention = "Big D", Offered = { Customer("C-8", "Blue Ocean Foods"), Customer("C-9", "Blue Ocean Freight") } };
        var settled = await Client.ResolveAsync(new ResolveRequest { Text = "1", Pending = pending }, cancellationToken: Token);
        Assert.Equal("C-8", settled.Chosen.Id);
        Assert.Null(settled.Alias);
        Assert.Equal("C-1", Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "How is Big D?" }, cancellationToken: Token)).Mentions).Match.Entity.Id);
    }

    [Fact]
    public async Task UpdateAlias_OtherWordsAndCustomer_AreAttributedToTheOneWhoChangedThem()
    {
        var created = await Client.CreateAliasAsync(new CreateAliasRequest { Alias = "The Print Shop", Entity = Customer("C-13", "") }, Request("ben", "req-1"), cancellationToken: Token);

        var changed = await Client.UpdateAliasAsync(new UpdateAliasRequest { Id = created.Id, Alias = "The Printers", Entity = Customer("C-14", "") }, Request("cleo", "req-2"), cancellationToken: Token);

        Assert.Equal((created.Id, "The Printers", "Kestrel Print Works Ltd", "cleo", "req-2"), (changed.Id, changed.Alias_, changed.Entity.Name, changed.CreatedBy, changed.RequestId));
        Assert.Equal(changed, await Client.GetAliasAsync(new GetAliasRequest { Id = created.Id }, cancellationToken: Token));
        Assert.Equal("C-14", Assert.Single((await Client.ResolveAsync(new ResolveRequest { Text = "status of the printers" }, cancellationToken: Token)).Mentions).Match.Entity.Id);
        Assert.DoesNotContain((await Client.ResolveAsync(new ResolveRequest { Text = "status of \"the print shop\"" }, cancellationToken: Token)).Mentions, m => m.Match is { MatchType: MatchType.Alias });
    }

    [Fact]
    public async Task UpdateAlias_RefusedWithTheReason()
    {
        var created = await Client.CreateAliasAsync(new CreateAliasRequest { Alias = "The Print Shop", Entity = Customer("C-13", "") }, cancellationToken: Token);
        AssertViolation(await FailsAsync(Client.UpdateAliasAsync(new UpdateAliasRequest { Id = created.Id }, cancellationToken: Token)), "alias", "at least one");
        AssertViolation(await FailsAsync(Client.UpdateAliasAsync(new UpdateAliasRequest { Id = "x", Alias = "Two" }, cancellationToken: Token)), "id", "UUID");
        Assert.Equal(StatusCode.AlreadyExists, (await FailsAsync(Client.UpdateAliasAsync(new UpdateAliasRequest { Id = created.Id, Alias = "big d" }, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await FailsAsync(Client.UpdateAliasAsync(new UpdateAliasRequest { Id = Guid.NewGuid().ToString(), Alias = "Two" }, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await FailsAsync(Client.GetAliasAsync(new GetAliasRequest { Id = created.Id }, new Metadata { { "x-organization-id", "other" } }, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task CreateAlias_WholeNameOfAnotherCustomer_IsRefused()
    {
        var error = await FailsAsync(Client.CreateAliasAsync(new CreateAliasRequest { Alias = "delta industries", Entity = Customer("C-8", "") }, cancellationToken: Token));
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.Contains("C-1", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveBatch_BeyondTheLimit_AnswersTheFirstAndNamesIt()
    {
        using var call = Client.ResolveBatch(cancellationToken: Token);
        var answers = 0;
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i <= 1_000; i++)
            {
                await call.RequestStream.WriteAsync(new ResolveRequest { Text = "Hello" }, Token);
                if (await call.ResponseStream.MoveNext(Token))
                {
                    answers++;
                }
            }
        });
        Assert.Equal((1_000, StatusCode.ResourceExhausted), (answers, error.StatusCode));
        Assert.Contains("1000", error.Status.Detail, StringComparison.Ordinal);
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

    private static Metadata Request(string user, string requestId) => new() { { "x-user-id", user }, { "x-request-id", requestId } };

    private static Task<RpcException> FailsAsync<T>(AsyncUnaryCall<T> call) => Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

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
