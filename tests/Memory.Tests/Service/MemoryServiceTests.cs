using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Memory.Memories;
using Platform.Memory.Tests.Interactions;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Memory.Tests.Service;

/// <summary>The whole service over gRPC.</summary>
public sealed class MemoryServiceTests(PlatformServers servers) : IAsyncLifetime
{
    private WebApplicationFactory<MemoryOptions>? _factory;
    private GrpcChannel? _channel;

    private readonly string _stream = $"test:memory:{Guid.NewGuid():N}";

    private MemoryService.MemoryServiceClient Client => new(_channel!);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Metadata Anna { get; } = new() { { "x-user-id", "anna" }, { "x-session-id", "s1" } };

    public async ValueTask InitializeAsync()
    {
        var connectionString = await MemoryDatabase.CreateAsync(servers, Token);
        _factory = new WebApplicationFactory<MemoryOptions>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:platform", connectionString)
            .UseSetting("ConnectionStrings:redis", servers.RedisConnectionString)
            .UseSetting("memory:stream:name", _stream)
            .UseSetting("memory:stream:turnWait", "00:00:01"));
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
    public async Task Store_ThenRetrieve_GivesTheWholeRecord()
    {
        var expires = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(3));
        var request = new StoreRequest { Memory = Note("Pays by bank transfer"), IdempotencyKey = "k1" };
        request.Memory.Metadata = Struct.Parser.ParseJson("""{"channel":"phone","n":3}""");
        request.Memory.Importance = 0.75;
        request.Memory.ExpiresAt = expires;
        var stored = await Client.StoreAsync(request, Anna, cancellationToken: Token);
        Assert.True(stored.Created);

        var found = await Client.RetrieveAsync(new RetrieveRequest { Query = "bank transfer", Entities = { Customer("C-1") } }, cancellationToken: Token);
        Assert.True(found.WithoutMeaning);
        var only = Assert.Single(found.Memories);
        Assert.Equal(stored.Memory.Id, only.Memory.Id);
        Assert.Equal(("anna", "s1", "Pays by bank transfer", 0.75), (only.Memory.UserId, only.Memory.SessionId, only.Memory.Text, only.Memory.Importance));
        Assert.Equal("phone", only.Memory.Metadata.Fields["channel"].StringValue);
        Assert.Equal(Customer("C-1"), Assert.Single(only.Memory.Entities));
        Assert.Equal(expires.Seconds, only.Memory.ExpiresAt.Seconds);
        Assert.Equal((1, 1), (only.EntityScore, only.MeaningScore));
    }

    [Fact]
    public async Task Store_SameKeyTwice_StoresOnce()
    {
        var first = await Client.StoreAsync(new StoreRequest { Memory = Note("one"), IdempotencyKey = "k1" }, Anna, cancellationToken: Token);
        var second = await Client.StoreAsync(new StoreRequest { Memory = Note("two"), IdempotencyKey = "k1" }, Anna, cancellationToken: Token);
        Assert.False(second.Created);
        Assert.Equal((first.Memory.Id, "one"), (second.Memory.Id, second.Memory.Text));
        Assert.True((await Client.StoreAsync(new StoreRequest { Memory = Note("three") }, Anna, cancellationToken: Token)).Created);
        Assert.Equal(2, Assert.Single((await Client.GetStatisticsAsync(new GetStatisticsRequest(), cancellationToken: Token)).Collections).Memories);
    }

    [Fact]
    public async Task Store_InvalidMemory_NamesEachField()
    {
        var memory = new MemoryRecord { Text = new string('x', 1_000_000), Importance = 2, ExpiresAt = new Timestamp { Seconds = 1 } };
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.StoreAsync(new StoreRequest { Memory = memory }, cancellationToken: Token).ResponseAsync);
        var violations = Violations(error);
        Assert.Equal(["memory.expires_at", "memory.importance", "memory.kind", "memory.text"], violations.Keys.Order());
        Assert.Contains("16000", violations["memory.text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetConversation_LastTurnStillQueued_WaitsUntilItIsRecorded()
    {
        Interaction Turn(string request) => new() { RequestId = request, SessionId = "s-queued", UserId = "anna", Query = $"Asked by {request}", Answer = "There are 11." };
        await Client.RecordInteractionAsync(Turn("r-first"), Anna, cancellationToken: Token);
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        await redis.GetDatabase().StringSetAsync($"{_stream}:last:default:s-queued", "r-queued", TimeSpan.FromSeconds(30));
        var reading = Client.GetConversationAsync(new GetConversationRequest { SessionId = "s-queued" }, Anna, cancellationToken: Token).ResponseAsync;

        // Others, read later, are there first.
        for (var other = 0; other < 5; other++)
        {
            await Client.GetConversationAsync(new GetConversationRequest { SessionId = $"s-other-{other}" }, Anna, cancellationToken: Token);
        }

        Assert.False(reading.IsCompleted);

        await Client.RecordInteractionAsync(Turn("r-queued"), Anna, cancellationToken: Token);

        Assert.Equal("Asked by r-queued", (await reading).LastQuery);
    }

    [Fact]
    public async Task GetConversation_LastTurnIsNeverRecorded_IsReadAsItStands()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        await redis.GetDatabase().StringSetAsync($"{_stream}:last:default:s-lost", "r-lost", TimeSpan.FromSeconds(30));

        Assert.Equal("s-lost", (await Client.GetConversationAsync(new GetConversationRequest { SessionId = "s-lost" }, Anna, cancellationToken: Token)).SessionId);
    }

    [Fact]
    public async Task Delete_Twice_IsHarmless()
    {
        var stored = await Client.StoreAsync(new StoreRequest { Memory = Note("one") }, Anna, cancellationToken: Token);
        Assert.True((await Client.DeleteAsync(new DeleteRequest { Id = stored.Memory.Id }, cancellationToken: Token)).Deleted);
        Assert.False((await Client.DeleteAsync(new DeleteRequest { Id = stored.Memory.Id }, cancellationToken: Token)).Deleted);
        Assert.Empty((await Client.RetrieveAsync(new RetrieveRequest(), cancellationToken: Token)).Memories);
    }

    [Fact]
    public async Task Delete_OfAnotherOrganization_DoesNothing()
    {
        var stored = await Client.StoreAsync(new StoreRequest { Memory = Note("one") }, Anna, cancellationToken: Token);
        var other = new Metadata { { "x-organization-id", "other" } };
        Assert.False((await Client.DeleteAsync(new DeleteRequest { Id = stored.Memory.Id }, other, cancellationToken: Token)).Deleted);
        Assert.Empty((await Client.RetrieveAsync(new RetrieveRequest(), other, cancellationToken: Token)).Memories);
        Assert.Single((await Client.RetrieveAsync(new RetrieveRequest(), cancellationToken: Token)).Memories);
    }

    [Fact]
    public async Task RecordInteraction_Repeated_SaysSoAndMovesTheConversationOnce()
    {
        var interaction = InteractionRecorderTests.Interaction("r1", 0, "C-1");
        Assert.True((await Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token)).Recorded);
        Assert.False((await Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token)).Recorded);
        var conversation = await Client.GetConversationAsync(new GetConversationRequest { SessionId = "s1" }, cancellationToken: Token);
        Assert.Equal((1, "question r1", "status", "anna"), (conversation.Turns, conversation.LastQuery, conversation.LastIntent, conversation.UserId));
        Assert.Equal(Customer("C-1").Id, Assert.Single(conversation.Entities).Id);
    }

    [Fact]
    public async Task RecordInteraction_OtherOrganizationInTheMessage_IsRefused()
    {
        var interaction = InteractionRecorderTests.Interaction("r1");
        interaction.OrganizationId = "other";
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token).ResponseAsync);
        Assert.Equal(["organization_id"], Violations(error).Keys);
    }

    [Fact]
    public async Task GetConversation_NothingSaidYet_IsEmptyAndNoError()
    {
        var conversation = await Client.GetConversationAsync(new GetConversationRequest { SessionId = "nobody" }, cancellationToken: Token);
        Assert.Equal(("nobody", "", 0), (conversation.SessionId, conversation.UserId, conversation.Turns));
    }

    [Fact]
    public async Task ListConversations_SeveralSessions_GivesTheUsersOwnLatestFirstWithTheFirstQuestion()
    {
        for (var i = 0; i < 5; i++)
        {
            var interaction = InteractionRecorderTests.Interaction($"r{i}", i);
            interaction.SessionId = $"s{i / 2}";
            await Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token);
        }

        var foreign = InteractionRecorderTests.Interaction("r9", 9);
        (foreign.SessionId, foreign.UserId) = ("s9", "berta");
        await Client.RecordInteractionAsync(foreign, cancellationToken: Token);

        var first = await Client.ListConversationsAsync(new ListConversationsRequest { Page = new PageRequest { Size = 2 } }, Anna, cancellationToken: Token);
        var rest = await Client.ListConversationsAsync(new ListConversationsRequest { Page = new PageRequest { Size = 2, Token = first.Page.NextToken } }, Anna, cancellationToken: Token);

        Assert.Equal(["s2 question r4", "s1 question r2"], first.Conversations.Select(c => $"{c.SessionId} {c.Title}"));
        Assert.Equal(["s0 question r0"], rest.Conversations.Select(c => $"{c.SessionId} {c.Title}"));
        Assert.Equal("", rest.Page.NextToken);
    }

    [Fact]
    public async Task GetAnswerRecord_OwnAnswer_GivesQuestionRecordAndFeedback()
    {
        await RecordWithDetailsAsync("r1");
        var given = await Client.SetFeedbackAsync(new SetFeedbackRequest { RequestId = "r1", Verdict = Verdict.Up, Comment = "helped" }, Anna, cancellationToken: Token);
        await Client.SetFeedbackAsync(new SetFeedbackRequest { RequestId = "r1", Verdict = Verdict.Down, Comment = "after all not" }, Anna, cancellationToken: Token);

        var record = await Client.GetAnswerRecordAsync(new GetAnswerRecordRequest { RequestId = "r1" }, Anna, cancellationToken: Token);

        Assert.Equal(Verdict.Up, given.Verdict);
        Assert.Equal(("s1", "question r1", "It is fine.", """{"quality": 1}"""), (record.SessionId, record.Query, record.Answer, record.RecordJson));
        Assert.Equal((Verdict.Down, "after all not"), (record.Feedback.Verdict, record.Feedback.Comment));
    }

    [Theory]
    [InlineData("berta", "default")]
    [InlineData("anna", "other")]
    public async Task AnswerRecord_OfSomebodyElse_IsNotFound(string user, string organization)
    {
        await RecordWithDetailsAsync("r1");
        var somebody = new Metadata { { "x-user-id", user }, { "x-organization-id", organization } };

        var read = await Assert.ThrowsAsync<RpcException>(() => Client.GetAnswerRecordAsync(new GetAnswerRecordRequest { RequestId = "r1" }, somebody, cancellationToken: Token).ResponseAsync);
        var judged = await Assert.ThrowsAsync<RpcException>(
            () => Client.SetFeedbackAsync(new SetFeedbackRequest { RequestId = "r1", Verdict = Verdict.Up }, somebody, cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (read.StatusCode, judged.StatusCode));
    }

    [Fact]
    public async Task SetFeedback_BadInput_NamesEachField()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client.SetFeedbackAsync(new SetFeedbackRequest { Comment = new string('x', 2_001) }, Anna, cancellationToken: Token).ResponseAsync);
        Assert.Equal(["request_id", "comment", "verdict"], Violations(error).Keys);
    }

    [Fact]
    public async Task ListTurns_Pages_GiveEachTurnOnceNewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            var interaction = InteractionRecorderTests.Interaction($"r{i}", i / 2);
            interaction.RecordJson = """{"quality": 1}""";
            await Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token);
        }

        var seen = new List<string>();
        var page = new PageRequest { Size = 2 };
        do
        {
            var response = await Client.ListTurnsAsync(new ListTurnsRequest { SessionId = "s1", Page = page }, cancellationToken: Token);
            Assert.All(response.Turns, turn => Assert.Equal("""{"quality": 1}""", turn.RecordJson));
            seen.AddRange(response.Turns.Select(turn => turn.RequestId));
            page = new PageRequest { Size = 2, Token = response.Page.NextToken };
        }
        while (page.Token.Length > 0);
        Assert.Equal(["r4", "r3", "r2", "r1", "r0"], seen);
    }

    [Fact]
    public async Task ListTurns_ForgedToken_NamesTheField()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.ListTurnsAsync(new ListTurnsRequest { SessionId = "s1", Page = new PageRequest { Token = "xyz" } }, cancellationToken: Token).ResponseAsync);
        Assert.Equal(["page.token"], Violations(error).Keys);
    }

    [Fact]
    public async Task SetPendingQuestion_SetAndRemoved_ShowsInTheConversation()
    {
        var pending = new PendingQuestion { Query = "How is Delta?", Mention = "Delta", Offered = { Customer("C-1"), Customer("C-2") } };
        var asked = await Client.SetPendingQuestionAsync(new SetPendingQuestionRequest { SessionId = "s9", Pending = pending }, Anna, cancellationToken: Token);
        Assert.Equal(["C-1", "C-2"], asked.Pending.Offered.Select(e => e.Id));
        Assert.Equal("Delta", (await Client.GetConversationAsync(new GetConversationRequest { SessionId = "s9" }, cancellationToken: Token)).Pending.Mention);
        Assert.Null((await Client.SetPendingQuestionAsync(new SetPendingQuestionRequest { SessionId = "s9" }, Anna, cancellationToken: Token)).Pending);
    }

    [Fact]
    public async Task DeleteConversation_Session_TakesTurnsAndTheirMemories()
    {
        await RecordWithDetailsAsync("r1");
        await Client.StoreAsync(new StoreRequest { Memory = Note("kept") }, Anna, cancellationToken: Token);
        Assert.True((await Client.DeleteConversationAsync(new DeleteConversationRequest { SessionId = "s1" }, cancellationToken: Token)).Deleted);
        Assert.False((await Client.DeleteConversationAsync(new DeleteConversationRequest { SessionId = "s1" }, cancellationToken: Token)).Deleted);
        var record = await Assert.ThrowsAsync<RpcException>(() => Client.GetAnswerRecordAsync(new GetAnswerRecordRequest { RequestId = "r1" }, Anna, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, record.StatusCode);
        Assert.Empty((await Client.ListTurnsAsync(new ListTurnsRequest { SessionId = "s1" }, cancellationToken: Token)).Turns);
        Assert.Equal(["kept"], (await Client.RetrieveAsync(new RetrieveRequest(), cancellationToken: Token)).Memories.Select(m => m.Memory.Text));
    }

    [Fact]
    public async Task Documents_NotAvailable_SayUnimplemented()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.ListDocumentsAsync(new ListDocumentsRequest(), cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Contains("cannot be attached yet", error.Status.Detail, StringComparison.Ordinal);
    }

    private async Task RecordWithDetailsAsync(string request)
    {
        var interaction = InteractionRecorderTests.Interaction(request);
        interaction.RecordJson = """{"quality": 1}""";
        await Client.RecordInteractionAsync(interaction, Anna, cancellationToken: Token);
    }

    private static MemoryRecord Note(string text) => new() { Kind = MemoryKind.Note, Text = text, Entities = { Customer("C-1") } };

    private static EntityRef Customer(string id) => new() { Type = EntityType.Customer, Id = id, Name = id };

    private static Dictionary<string, string> Violations(RpcException error)
    {
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var details = error.Trailers.GetValueBytes("grpc-status-details-bin");
        Assert.NotNull(details);
        return Google.Rpc.Status.Parser.ParseFrom(details).Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>()
            .FieldViolations.ToDictionary(v => v.Field, v => v.Description);
    }
}
