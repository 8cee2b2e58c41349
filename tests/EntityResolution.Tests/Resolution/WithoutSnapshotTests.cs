using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Suggestions;

namespace Platform.EntityResolution.Tests.Resolution;

/// <summary>
/// No names in memory, as while they are read or when they are switched off: the database finds, the same comparison
/// decides. Mentions are told by quotes, capitals and words of no dictionary alone: which words names hold is not known.
/// </summary>
public sealed class WithoutSnapshotTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("status of Delta Industries", "C-1", MatchKind.Exact)]
    [InlineData("status of Delta Industires", "C-1", MatchKind.Fuzzy)]
    [InlineData("Balance of Delta Logistics AG", "C-2", MatchKind.Exact)]
    [InlineData("status of Blue Ocean Fods", "C-8", MatchKind.Fuzzy)]
    [InlineData("status of Kestrel Print Wroks", "C-14", MatchKind.Fuzzy)]
    [InlineData("What does \"Big D\" owe us?", "C-1", MatchKind.Alias)]
    [InlineData("status of Johnson and Johnson", "C-15", MatchKind.Exact)]
    public async Task Resolve_OneName_MatchesItAsWithNamesInMemory(string text, string id, object kind)
    {
        var found = await ResolveAsync(text);
        Assert.Null(found.Registry.Snapshot);
        var mention = Assert.Single(found.Mentions);
        Assert.Equal((MentionOutcome.Matched, id, (MatchKind)kind), (mention.Outcome, mention.Match?.Entity.Id, mention.Match?.Kind));
        var inMemory = Assert.Single((await registry.Resolver.ResolveAsync("default", text, [], 5, Token)).Mentions);
        Assert.Equal(inMemory.Match?.Entity.Id, mention.Match?.Entity.Id);
    }

    [Fact]
    public async Task Resolve_SharedWord_Asks()
    {
        var mention = Assert.Single((await ResolveAsync("How is Delta doing?")).Mentions);
        Assert.Equal(MentionOutcome.Ambiguous, mention.Outcome);
        Assert.Equal(["C-1", "C-2"], mention.Candidates.Select(c => c.Entity.Id).Order());
    }

    [Fact]
    public async Task Resolve_UnknownName_IsNotFound() =>
        Assert.Equal(MentionOutcome.NotFound, Assert.Single((await ResolveAsync("status of Quuxly Frobnicators")).Mentions).Outcome);

    [Theory]
    [InlineData("delta", "C-1,C-2")]
    [InlineData("kest", "C-13,C-14")]
    [InlineData("ocean fre", "C-9")]
    public async Task Suggest_Typed_CompletesNames(string typed, string ids)
    {
        await using var services = Services();
        var found = await services.GetRequiredService<Suggesting>().SuggestAsync("default", typed, 10, Token);
        Assert.Equal(ids, string.Join(',', found.Select(f => f.Entity.Id)));
    }

    private async Task<ResolvedText> ResolveAsync(string text)
    {
        await using var services = Services();
        return await services.GetRequiredService<EntityResolver>().ResolveAsync("default", text, [], 5, Token);
    }

    private ServiceProvider Services()
    {
        var services = RegistryFixture.Build(registry.ConnectionString);
        services.GetRequiredService<IOptionsMonitor<ResolutionOptions>>().CurrentValue.SnapshotLimit = 0;
        return services;
    }
}
