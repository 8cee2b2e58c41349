using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Tests.Resolution;

/// <summary>What a question leaves to the conversation. Spoken of: Delta Industries last, Blue Ocean Foods before it.</summary>
public sealed class ConversationTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private static readonly EntityKey[] Conversation =
    [
        new("customer", "C-1", "Delta Industries"), new("invoice", "i1", "INV-000123"), new("customer", "C-8", "Blue Ocean Foods"), new("customer", "C-13", "Kestrel"),
    ];

    [Theory]
    [InlineData("How much do they owe?", "C-1")]
    [InlineData("Is the same one late again?", "C-1")]
    [InlineData("and that customer's balance?", "C-1")]
    [InlineData("What about the other one?", "C-8")]
    [InlineData("how is the other customer paying", "C-8")]
    [InlineData("And the other?", "C-8")]
    [InlineData("Do both pay late?", "C-1,C-8")]
    [InlineData("are they both overdue", "C-1,C-8")]
    [InlineData("Compare both of them", "C-1,C-8")]
    [InlineData("When is that invoice due?", "i1")]
    [InlineData("Compare them with Kestrel", "C-1,C-13")]
    public async Task Resolve_Reference_MeansWhatWasSpokenOf(string text, string ids)
    {
        var found = await registry.Resolver.ResolveAsync("default", text, Conversation, 5, TestContext.Current.CancellationToken);
        Assert.Equal(ids.Split(',').Order(), found.Mentions.Select(m => m.Match!.Entity.Id).Order());
    }

    [Theory]
    [InlineData("What about the other quarter?")]
    [InlineData("Which customers pay late in both quarters?")]
    [InlineData("Did both invoices arrive?")]
    public async Task Resolve_NoReference_MeansNone(string text)
    {
        var found = await registry.Resolver.ResolveAsync("default", text, Conversation, 5, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(found.Mentions, m => m.Length > 0);
    }

    [Fact]
    public async Task Resolve_TheOtherOfOne_MeansNone()
    {
        var found = await registry.Resolver.ResolveAsync("default", "How is the other one doing?", Conversation[..1], 5, TestContext.Current.CancellationToken);
        Assert.Empty(found.Mentions);
    }
}
