using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Memory.Conversations;
using Platform.Memory.Interactions;
using Platform.Testing;

namespace Platform.Memory.Tests.Interactions;

public sealed class InteractionRecorderTests(PlatformServers servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset AnsweredAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private string _connectionString = "";
    private ServiceProvider? _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private InteractionRecorder Recorder => _services!.GetRequiredService<InteractionRecorder>();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await MemoryDatabase.CreateAsync(servers, Token);
        _services = MemoryDatabase.Services(_connectionString).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync() => await _services!.DisposeAsync();

    [Fact]
    public async Task Record_Twice_HasOneEffect()
    {
        Assert.True(await Recorder.RecordAsync("default", Interaction("r1"), "call", Token));
        Assert.False(await Recorder.RecordAsync("default", Interaction("r1"), "stream", Token));
        Assert.Equal((1, 1, 1), await CountsAsync());
        Assert.Equal(1, (await ConversationAsync())!.Turns);
    }

    [Fact]
    public async Task Record_ManyAtOnce_CountsEachOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Recorder.RecordAsync("default", Interaction($"r{i % 10}"), "call", Token)));
        Assert.Equal(10, results.Count(recorded => recorded));
        Assert.Equal((10, 10, 1), await CountsAsync());
        Assert.Equal(10, (await ConversationAsync())!.Turns);
    }

    [Fact]
    public async Task Record_SameRequestIdInTwoOrganizations_IsTwoInteractions()
    {
        Assert.True(await Recorder.RecordAsync("default", Interaction("r1"), "call", Token));
        Assert.True(await Recorder.RecordAsync("other", Interaction("r1"), "call", Token));
    }

    [Fact]
    public async Task Record_Conversation_KeepsNewestEntitiesFirst()
    {
        await Recorder.RecordAsync("default", Interaction("r1", 0, "C-1", "C-2"), "call", Token);
        await Recorder.RecordAsync("default", Interaction("r2", 1, "C-3", "C-1"), "call", Token);
        var conversation = await ConversationAsync();
        Assert.Equal(["C-3", "C-1", "C-2"], conversation!.Entities.Select(e => e.Id));
        Assert.Equal(("question r2", "status", 2L), (conversation.LastQuery, conversation.LastIntent, conversation.Turns));
        Assert.Equal((AnsweredAt, AnsweredAt.AddMinutes(1)), (conversation.StartedAt, conversation.UpdatedAt));
    }

    [Fact]
    public async Task Record_WhatWasListed_IsKeptUntilAnotherListOfItsKindOrNone()
    {
        await RecordAsync("r1", 0, Customers("C-1", "C-2"));
        await RecordAsync("r2", 1, null);
        Assert.Equal(["C-1", "C-2"], await ListedAsync());

        await RecordAsync("r3", 2, new Listing { Entities = { new EntityRef { Type = EntityType.Invoice, Id = "I-1", Name = "I-1" } } });
        Assert.Equal(["I-1", "C-1", "C-2"], await ListedAsync());

        await RecordAsync("r4", 3, Customers("C-3"));
        Assert.Equal(["C-3", "I-1"], await ListedAsync());

        await RecordAsync("r5", 4, new Listing());
        Assert.Empty(await ListedAsync());

        static Listing Customers(params string[] ids) => new() { Entities = { ids.Select(id => new EntityRef { Type = EntityType.Customer, Id = id, Name = id }) } };
        async Task<string[]> ListedAsync() => [.. (await ConversationAsync())!.Listed.Select(e => e.Id)];
        async Task RecordAsync(string request, int minute, Listing? listed)
        {
            var interaction = Interaction(request, minute);
            interaction.Listed = listed;
            await Recorder.RecordAsync("default", interaction, "call", Token);
        }
    }

    [Fact]
    public async Task Record_Question_StandsByItselfAndOutlastsSmallTalk()
    {
        var followUp = Interaction("r1");
        (followUp.Query, followUp.Question, followUp.Intent) = ("and in Germany?", "How much did we invoice in Germany?", "data_question");
        await Recorder.RecordAsync("default", followUp, "call", Token);
        var thanks = Interaction("r2", 1);
        (thanks.Query, thanks.Intent) = ("thanks", "greeting");
        await Recorder.RecordAsync("default", thanks, "call", Token);

        var conversation = await ConversationAsync();
        Assert.Equal(("How much did we invoice in Germany?", "data_question", 2L), (conversation!.LastQuery, conversation.LastIntent, conversation.Turns));
    }

    [Fact]
    public async Task Record_LateOlderTurn_DoesNotBecomeTheLatest()
    {
        await Recorder.RecordAsync("default", Interaction("r2", 5, "C-2"), "stream", Token);
        await Recorder.RecordAsync("default", Interaction("r1", 0, "C-1"), "stream", Token);
        var conversation = await ConversationAsync();
        Assert.Equal("question r2", conversation!.LastQuery);
        Assert.Equal(["C-2", "C-1"], conversation.Entities.Select(e => e.Id));
        Assert.Equal(AnsweredAt, conversation.StartedAt);
    }

    [Fact]
    public async Task Record_ManyEntities_KeepsTwenty()
    {
        await Recorder.RecordAsync("default", Interaction("r1", 0, [.. Enumerable.Range(0, 30).Select(i => $"C-{i}")]), "call", Token);
        Assert.Equal(20, (await ConversationAsync())!.Entities.Count);
    }

    [Fact]
    public async Task Record_WithoutSession_KeepsTheTurnOnly()
    {
        var interaction = Interaction("r1");
        interaction.SessionId = "";
        await Recorder.RecordAsync("default", interaction, "call", Token);
        Assert.Equal((1, 1, 0), await CountsAsync());
    }

    [Fact]
    public async Task Record_FailureInTheMiddle_ChangesNothing()
    {
        await MemoryDatabase.ExecuteAsync(_connectionString, "ALTER TABLE app.conversations ADD CONSTRAINT no_turns CHECK (turns = 0)", Token);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Recorder.RecordAsync("default", Interaction("r1"), "call", Token));
        Assert.Equal((0, 0, 0), await CountsAsync());
    }

    [Fact]
    public async Task Record_InvalidInteraction_NamesEachField()
    {
        var interaction = new Interaction { SessionId = "s1", Query = "a\0b", Confidence = double.NaN, OrganizationId = "other", Entities = { new EntityRef { Id = "x" } } };
        var error = await Assert.ThrowsAsync<InvalidInteractionException>(() => Recorder.RecordAsync("default", interaction, "call", Token));
        Assert.Equal(["request_id", "query", "entities[0].type", "organization_id", "confidence"], error.Problems.Select(p => p.Field));
    }

    [Theory]
    [InlineData("{", true)]
    [InlineData("{\"a\":\"\\u0000\"}", true)]
    [InlineData("{\"answer\":\"42\"}", false)]
    public async Task Record_RecordJson_MustBeStorable(string json, bool refused)
    {
        var interaction = Interaction("r1");
        interaction.RecordJson = json;
        var error = await Xunit.Record.ExceptionAsync(() => Recorder.RecordAsync("default", interaction, "call", Token));
        Assert.Equal(refused, error is InvalidInteractionException);
    }

    [Fact]
    public async Task Record_LongAnswer_IsKeptWholeAndRememberedInPart()
    {
        var interaction = Interaction("r1");
        interaction.Answer = string.Concat(Enumerable.Repeat("🙂", 20_000));
        await Recorder.RecordAsync("default", interaction, "call", Token);
        Assert.Equal(20_000, await MemoryDatabase.CountAsync(_connectionString, "SELECT char_length(answer)::bigint FROM app.interactions", Token));
        Assert.InRange(await MemoryDatabase.CountAsync(_connectionString, "SELECT char_length(text)::bigint FROM app.memories", Token), 7_000, 16_000);
    }

    internal static Interaction Interaction(string request, int minute = 0, params string[] customers)
    {
        var interaction = new Interaction
        {
            RequestId = request,
            SessionId = "s1",
            UserId = "anna",
            Query = $"question {request}",
            Answer = "It is fine.",
            Intent = "status",
            Confidence = 0.9,
            At = Timestamp.FromDateTimeOffset(AnsweredAt.AddMinutes(minute)),
            Topics = { "status" },
        };
        interaction.Entities.AddRange(customers.Select(id => new EntityRef { Type = EntityType.Customer, Id = id, Name = id }));
        return interaction;
    }

    private Task<StoredConversation?> ConversationAsync() => _services!.GetRequiredService<ConversationStore>().FindAsync("default", "s1", Token);

    private async Task<(long Interactions, long Memories, long Conversations)> CountsAsync() => (
        await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.interactions", Token),
        await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.memories", Token),
        await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.conversations", Token));
}
