using Platform.Memory.Memories;
using Platform.Testing;

namespace Platform.Memory.Tests.Memories;

public sealed class RecentCandidatesTests : IDisposable
{
    private static readonly LinkedEntity DeltaIndustries = new("customer", "C-1", "Delta Industries");
    private static readonly LinkedEntity BlueOcean = new("customer", "C-8", "Blue Ocean Foods");
    private readonly ManualTime _time = new();
    private readonly RecentCandidates _recent;
    private int _reads;

    public RecentCandidatesTests() => _recent = new RecentCandidates(_time);

    public void Dispose() => _recent.Dispose();

    [Fact]
    public async Task Get_SameQueryWithinTwoSeconds_ReadsOnce()
    {
        await GetAsync();
        _time.Advance(RecentCandidates.Kept - TimeSpan.FromTicks(1));
        await GetAsync();
        Assert.Equal(1, _reads);
        _time.Advance(TimeSpan.FromTicks(1));
        await GetAsync();
        Assert.Equal(2, _reads);
        Assert.True(RecentCandidates.Kept <= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Get_SlowReading_IsAsOldAsItsBeginning()
    {
        await GetAsync(during: () => _time.Advance(RecentCandidates.Kept));
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Get_AfterAChange_ReadsAgain()
    {
        await GetAsync();
        _recent.Forget();
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Get_ChangeWhileReading_IsNotMissed()
    {
        await GetAsync(during: _recent.Forget);
        await GetAsync();
        Assert.Equal(2, _reads);
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Get_WallClockSetBack_KeepsNothingLonger()
    {
        await GetAsync();
        _time.Advance(RecentCandidates.Kept);
        _time.Jump(TimeSpan.FromHours(-1));
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Get_MemoryWhoseTimeIsOver_IsNotGivenAgain()
    {
        await GetAsync(found: Memory(expiresAt: _time.GetUtcNow().AddSeconds(1)));
        await GetAsync();
        Assert.Equal(1, _reads);
        _time.Advance(TimeSpan.FromSeconds(1));
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Get_ReadingFails_KeepsNothing()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => GetAsync(during: () => throw new TimeoutException()));
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    public static TheoryData<string> Differences => ["organization", "collection", "user", "entities", "kinds", "words", "entitiesOnly", "perReason"];

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task Get_AnotherQuery_IsReadForItself(string difference)
    {
        await GetAsync();
        await GetAsync(
            organization: difference == "organization" ? "other" : "default",
            query: difference switch
            {
                "collection" => Query with { Collection = "archive" },
                "user" => Query with { UserId = "ben" },
                "entities" => Query with { Entities = [BlueOcean] },
                "kinds" => Query with { Kinds = ["note"] },
                "entitiesOnly" => Query with { EntitiesOnly = false },
                _ => Query,
            },
            words: difference == "words" ? ["statusof"] : ["status", "of"],
            perReason: difference == "perReason" ? 20 : 10);
        Assert.Equal(2, _reads);
    }

    [Theory]
    [InlineData]
    [InlineData("interaction")]
    [InlineData("note", "interaction")]
    public async Task Get_KindsThatEachAnswerAddsTo_AreAlwaysRead(params string[] kinds)
    {
        await GetAsync(query: Query with { Kinds = kinds });
        await GetAsync(query: Query with { Kinds = kinds });
        Assert.Equal(2, _reads);
    }

    private static MemoryQuery Query => new("status of", [DeltaIndustries], ["note", "decision"], "default", null, true, 10);

    private static StoredMemory Memory(DateTimeOffset? expiresAt = null) =>
        new(Guid.NewGuid(), "note", "prefers mail", [DeltaIndustries], "anna", "s1", "default", 0.5, "{}", DateTimeOffset.UnixEpoch, expiresAt);

    private Task<IReadOnlyList<StoredMemory>> GetAsync(
        string organization = "default", MemoryQuery? query = null, IReadOnlyList<string>? words = null, int perReason = 10, StoredMemory? found = null, Action? during = null) =>
        _recent.GetAsync(organization, query ?? Query, words ?? ["status", "of"], perReason, _time.GetUtcNow(), async () =>
        {
            _reads++;
            await Task.Yield();
            during?.Invoke();
            return [found ?? Memory()];
        });
}
