using Microsoft.Extensions.DependencyInjection;
using Platform.Memory.Memories;
using Platform.Memory.Upkeep;
using Platform.Testing;

namespace Platform.Memory.Tests.Memories;

public sealed class RememberingTests(PlatformServers servers) : IAsyncLifetime
{
    private static readonly LinkedEntity s_delta = new("customer", "C-1", "Delta Industries");
    private static readonly LinkedEntity s_blue = new("customer", "C-8", "Blue Ocean Foods");
    private string _connectionString = "";
    private ServiceProvider? _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await MemoryDatabase.CreateAsync(servers, Token);
        _services = MemoryDatabase.Services(_connectionString).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync() => await _services!.DisposeAsync();

    [Fact]
    public async Task Retrieve_ByEntity_RanksItsMemoriesFirst()
    {
        await AddAsync("agreed 45 days", s_delta, ageDays: 60);
        await AddAsync("prefers mail", s_blue, ageDays: 0);
        var found = await RetrieveAsync("", [s_delta]);
        Assert.Equal(["agreed 45 days", "prefers mail"], found.Select(f => f.Memory.Text));
        Assert.Equal((1, 0), (found[0].EntityScore, found[1].EntityScore));
    }

    [Fact]
    public async Task Retrieve_EntitiesOnly_LeavesTheOthersOut()
    {
        await AddAsync("about delta", s_delta);
        await AddAsync("about blue", s_blue);
        Assert.Equal(["about delta"], (await RetrieveAsync("", [s_delta], entitiesOnly: true)).Select(f => f.Memory.Text));
    }

    [Fact]
    public async Task Retrieve_WithoutQuestion_RanksByRecency()
    {
        await AddAsync("old", s_delta, ageDays: 90);
        await AddAsync("new", s_delta, ageDays: 1);
        var found = await RetrieveAsync("", []);
        Assert.Equal(["new", "old"], found.Select(f => f.Memory.Text));
        Assert.Equal(Math.Pow(0.5, 3), found[1].RecencyScore, 3);
        Assert.Equal(found[1].RecencyScore, found[1].Score, 6);
    }

    [Fact]
    public async Task Retrieve_Words_FindAnOldMemoryAmongManyNewOnes()
    {
        await AddAsync("We granted a discount of 3 % for early payment", s_delta, ageDays: 300);
        for (var i = 0; i < 250; i++)
        {
            await AddAsync($"note {i} on shipping", s_blue);
        }

        var found = await RetrieveAsync("Which discount did we grant for early payment?", []);
        Assert.StartsWith("We granted a discount", found[0].Memory.Text, StringComparison.Ordinal);
        Assert.InRange(found[0].MeaningScore, 0.4, 0.99);
        Assert.Equal(0, found[1].MeaningScore);
    }

    [Fact]
    public async Task Retrieve_HostileWords_AreWordsOnly()
    {
        await AddAsync("it's fine", s_delta);
        Assert.Single(await RetrieveAsync("'); DROP TABLE app.memories; -- & | ! <-> :* \\ ''", []));
    }

    [Fact]
    public async Task Retrieve_OtherOrganizationUserCollectionOrKind_IsLeftOut()
    {
        await AddAsync("mine", s_delta);
        await AddAsync("theirs", s_delta, organization: "other");
        await AddAsync("bens", s_delta, user: "ben");
        await AddAsync("archived", s_delta, collection: "archive");
        await AddAsync("decided", s_delta, kind: "decision");
        await AddAsync("over", s_delta, expiresInDays: -1);

        Assert.Equal(["bens", "decided", "mine"], (await RetrieveAsync("", [])).Select(f => f.Memory.Text).Order());
        Assert.Equal(["decided", "mine"], (await RetrieveAsync("", [], user: "anna")).Select(f => f.Memory.Text).Order());
        Assert.Equal(["decided"], (await RetrieveAsync("", [], kinds: ["decision"])).Select(f => f.Memory.Text));
        Assert.Equal(["archived"], (await RetrieveAsync("", [], collection: "archive")).Select(f => f.Memory.Text));
    }

    [Fact]
    public async Task Retrieve_Limit_IsKept()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddAsync($"note {i}", s_delta);
        }

        Assert.Equal(3, (await RetrieveAsync("", [], limit: 3)).Count);
    }

    [Fact]
    public void Score_EverythingAgrees_IsOne()
    {
        var memory = Memory("payment terms of Delta", s_delta, 0);
        var query = new MemoryQuery("payment terms", [s_delta], [], "default", null, false, 10);
        var scored = Remembering.Score(memory, query, ["payment", "terms"], memory.CreatedAt, new MemoryOptions());
        Assert.Equal(1, scored.Score, 9);
    }

    [Fact]
    public void Score_Parts_AddUpByTheirWeights()
    {
        var memory = Memory("payment by card", s_blue, 0);
        var options = new MemoryOptions();
        var query = new MemoryQuery("payment terms", [s_delta, s_blue], [], "default", null, false, 10);
        var scored = Remembering.Score(memory, query, ["payment", "terms"], memory.CreatedAt + options.RecencyHalfLife, options);
        Assert.Equal((0.5, 0.5), (scored.EntityScore, Math.Round(scored.RecencyScore, 9)));
        Assert.Equal(7.0 / 12, scored.MeaningScore, 9);
        Assert.Equal((0.5 * 0.45 + 0.5 * 0.25 + 7.0 / 12 * 0.45) / 1.15, scored.Score, 9);
    }

    [Fact]
    public async Task Upkeep_ExpiredMemories_AreRemoved()
    {
        await AddAsync("over", s_delta, expiresInDays: -1);
        await AddAsync("later", s_delta, expiresInDays: 1);
        await AddAsync("kept", s_delta);
        await _services!.GetRequiredService<MemoryUpkeep>().RunOnceAsync(Token);
        Assert.Equal(2, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.memories", Token));
    }

    private static StoredMemory Memory(string text, LinkedEntity about, double ageDays, string user = "anna", string collection = "default", string kind = "note", double? expiresInDays = null) => new(
        Guid.NewGuid(), kind, text, [about], user, "s1", collection, 0.5, "{}", Now.AddDays(-ageDays), expiresInDays is { } days ? Now.AddDays(days) : null);

    private Task<(StoredMemory Memory, bool Created)> AddAsync(
        string text, LinkedEntity about, double ageDays = 0, string organization = "default", string user = "anna", string collection = "default", string kind = "note", double? expiresInDays = null) =>
        _services!.GetRequiredService<MemoryStore>().AddAsync(organization, Memory(text, about, ageDays, user, collection, kind, expiresInDays), null, Token);

    private Task<IReadOnlyList<ScoredStoredMemory>> RetrieveAsync(
        string text, LinkedEntity[] entities, bool entitiesOnly = false, string? user = null, string[]? kinds = null, string collection = "default", int limit = 10) =>
        _services!.GetRequiredService<Remembering>().RetrieveAsync("default", new MemoryQuery(text, entities, kinds ?? [], collection, user, entitiesOnly, limit), Token);
}
