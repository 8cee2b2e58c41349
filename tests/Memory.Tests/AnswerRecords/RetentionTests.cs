using Microsoft.Extensions.DependencyInjection;
using Platform.Memory.Interactions;
using Platform.Memory.Tests.Interactions;
using Platform.Memory.Upkeep;
using Platform.Testing;

namespace Platform.Memory.Tests.AnswerRecords;

public sealed class RetentionTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upkeep_RecordOlderThanItsRetention_IsRemovedAndTheConversationStays()
    {
        var connectionString = await MemoryDatabase.CreateAsync(servers, Token);
        await using var services = MemoryDatabase.Services(connectionString).BuildServiceProvider();
        var old = InteractionRecorderTests.Interaction("old");
        var recent = InteractionRecorderTests.Interaction("recent");
        recent.At = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        (old.RecordJson, recent.RecordJson) = ("""{"n": 1}""", """{"n": 2}""");
        foreach (var interaction in new[] { old, recent })
        {
            await services.GetRequiredService<InteractionRecorder>().RecordAsync("default", interaction, "call", Token);
        }

        await services.GetRequiredService<MemoryUpkeep>().RunOnceAsync(Token);

        Assert.Equal(1, await MemoryDatabase.CountAsync(connectionString, "SELECT count(*) FROM app.answer_records WHERE request_id = 'recent'", Token));
        Assert.Equal(0, await MemoryDatabase.CountAsync(connectionString, "SELECT count(*) FROM app.answer_records WHERE request_id = 'old'", Token));
        Assert.Equal(2, await MemoryDatabase.CountAsync(connectionString, "SELECT turns FROM app.conversations", Token));
    }
}
