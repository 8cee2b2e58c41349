using Microsoft.Extensions.DependencyInjection;
using Platform.Memory.Memories;
using Platform.Memory.Upkeep;
using Platform.Testing;

namespace Platform.Memory.Tests.Memories;

public sealed class RememberingTests(PlatformServers servers) : IAsyncLifetime
{
    private static readonly LinkedEntity DeltaIndustries = new("customer", "C-1", "Delta Industries");
    private static readonly LinkedEntity BlueOcean = new("customer", "C-8", "Blue Ocean Foods");
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
        await AddAsync("agreed 45 days", DeltaIndustries, ageDays: 60);
        await AddAsync("prefers mail", BlueOcean, ageDays: 0);
        var found = await RetrieveAsync("", [DeltaIndustries]);
        Assert.Equal(["agreed 45 days", "prefers mail"], found.Select(f => f.Memory.Text));
        Assert.Equal((1, 0), (found[0].EntityScore, found[1].EntityScore));
    }

    [Fact]
    public async Task Retrieve_EntitiesOnly_LeavesTheOthersOut()
    {
        await AddAsync("about delta", DeltaIndustries);
        await AddAsync("about blue", BlueOcean);
        Assert.Equal(["about delta"], (await RetrieveAsync("", [DeltaIndustries], entitiesOnly: true)).Select(f => f.Memory.Text));
    }

    [Fact]
    public async Task Retrieve_WithoutQuestion_RanksByRecency()
    {
        await AddAsync("old", DeltaIndustries, ageDays: 90);
        await AddAsync("new", DeltaIndustries, ageDays: 1);
        var found = await RetrieveAsync("", []);
        Assert.Equal(["new", "old"], found.Select(f => f.Memory.Text));
        Assert.Equal(Math.Pow(0.5, 3), found[1].RecencyScore, 3);
        Assert.Equal(found[1].RecencyScore, found[1].Score, 6);
    }

    [Fact]
    public async Task Retrieve_Words_FindAnOldMemoryAmongManyNewOnes()
    {
        await AddAsync("We granted a discount of 3 % for early payment", DeltaIndustries, ageDays: 300);
        for (var i = 0; i < 250; i++)
        {
            await AddAsync($"note {i} on shipping", BlueOcean);
        }

        var found = await RetrieveAsync("Which discount did we grant for early payment?", []);
        Assert.StartsWith("We granted a discount", found[0].Memory.Text, StringComparison.Ordinal);
        Assert.InRange(found[0].MeaningScore, 0.4, 0.99);
        Assert.Equal(0, found[1].MeaningScore);
    }

    [Fact]
    public async Task Retrieve_HostileWords_AreWordsOnly()
    {
        await AddAsync("it's fine", DeltaIndustries);
        Assert.Single(await RetrieveAsync("'); DROP TABLE app.memories; -- & | ! <-> :* \\ ''", []));
    }

    [Fact]
    public async Task Retrieve_OtherOrganizationUserCollectionOrKind_IsLeftOut()
    {
        await AddAsync("mine", DeltaIndustries);
        await AddAsync("theirs", DeltaIndustries, organization: "other");
        await AddAsync("bens", DeltaIndustries, user: "ben");
        await AddAsync("archived", DeltaIndustries, collection: "archive");
        await AddAsync("decided", DeltaIndustries, kind: "decision");
        await AddAsync("over", DeltaIndustries, expiresInDays: -1);

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
            await AddAsync($"note {i}", DeltaIndustries);
        }

        Assert.Equal(3, (await RetrieveAsync("", [], limit: 3)).Count);
    }

    [Fact]
    public async Task Retrieve_StoredAndForgotten_IsSeenAndNotSeenAtOnce()
    {
        Assert.Empty(await NotesAsync());
        var (stored, _) = await AddAsync("prefers mail", DeltaIndustries);
        Assert.Equal(["prefers mail"], await NotesAsync());
        Assert.True(await _services!.GetRequiredService<MemoryStore>().DeleteAsync("default", stored.Id, Token));
        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task Retrieve_ForgottenByAnotherReplica_IsNotSeenTwoSecondsLater()
    {
        var (stored, _) = await AddAsync("prefers mail", DeltaIndustries);
        var time = new ManualTime();
        await using var other = MemoryDatabase.Services(_connectionString).AddSingleton<TimeProvider>(time).BuildServiceProvider();
        Assert.Equal(["prefers mail"], await NotesAsync(other));
        Assert.True(await _services!.GetRequiredService<MemoryStore>().DeleteAsync("default", stored.Id, Token));
        Assert.Equal(["prefers mail"], await NotesAsync(other));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await NotesAsync(other));
    }

    [Fact]
    public void Score_EverythingAgrees_IsOne()
    {
        var memory = Memory("payment terms of Delta", DeltaIndustries, 0);
        var query = new MemoryQuery("payment terms", [DeltaIndustries], [], "default", null, false, 10);
        var scored = Remembering.Score(memory, query, ["payment", "terms"], memory.CreatedAt, new MemoryOptions());
        Assert.Equal(1, scored.Score, 9);
    }

    [Fact]
    public void Score_Parts_AddUpByTheirWeights()
    {
        var memory = Memory("payment by card", BlueOcean, 0);
        var options = new MemoryOptions();
        var query = new MemoryQuery("payment terms", [DeltaIndustries, BlueOcean], [], "default", null, false, 10);
        var scored = Remembering.Score(memory, query, ["payment", "terms"], memory.CreatedAt + options.RecencyHalfLife, options);
        Assert.Equal((0.5, 0.5), (scored.EntityScore, Math.Round(scored.RecencyScore, 9)));
        Assert.Equal(7.0 / 12, scored.MeaningScore, 9);
        Assert.Equal((0.5 * 0.45 + 0.5 * 0.25 + 7.0 / 12 * 0.45) / 1.15, scored.Score, 9);
    }

    [Fact]
    public async Task Upkeep_ExpiredMemories_AreRemoved()
    {
        await AddAsync("over", DeltaIndustries, expiresInDays: -1);
        await AddAsync("later", DeltaIndustries, expiresInDays: 1);
        await AddAsync("kept", DeltaIndustries);
        await _services!.GetRequiredService<MemoryUpkeep>().RunOnceAsync(Token);
        Assert.Equal(2, await MemoryDatabase.CountAsync(_connectionString, "SELECT count(*) FROM app.memories", Token));
    }

    private static StoredMemory Memory(string text, LinkedEntity about, double ageDays, string user = "anna", string collection = "default", string kind = "note", double? expiresInDays = null) => new(
        Guid.NewGuid(), kind, text, [about], user, "s1", collection, 0.5, "{}", Now.AddDays(-ageDays), expiresInDays is { } days ? Now.AddDays(days) : null);

    private Task<(StoredMemory Memory, bool Created)> AddAsync(
        string text, LinkedEntity about, double ageDays = 0, string organization = "default", string user = "anna", string collection = "default", string kind = "note", double? expiresInDays = null) =>
        _services!.GetRequiredService<MemoryStore>().AddAsync(organization, Memory(text, about, ageDays, user, collection, kind, expiresInDays), null, Token);

    private Task<string[]> NotesAsync() => NotesAsync(_services!);

    private static async Task<string[]> NotesAsync(ServiceProvider replica) =>
        [.. (await replica.GetRequiredService<Remembering>().RetrieveAsync("default", new MemoryQuery("", [DeltaIndustries], ["note"], "default", null, true, 10), Token)).Select(found => found.Memory.Text)];

    private Task<IReadOnlyList<ScoredStoredMemory>> RetrieveAsync(
        string text, LinkedEntity[] entities, bool entitiesOnly = false, string? user = null, string[]? kinds = null, string collection = "default", int limit = 10) =>
        _services!.GetRequiredService<Remembering>().RetrieveAsync("default", new MemoryQuery(text, entities, kinds ?? [], collection, user, entitiesOnly, limit), Token);
}
