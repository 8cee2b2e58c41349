using System.Text;

namespace Platform.EntityResolution.Tests.Resolution;

/// <summary>Texts that are made to cost much: what is found stays bounded, and places stay inside of the text.</summary>
public sealed class HostileTextTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const int LongestText = 8_000;

    public static TheoryData<string, string> Texts() => new()
    {
        { "10,000 mentions", Repeated("Delta,C-8;") },
        { "numbers", Repeated("INV-000123 SO-001200 ") },
        { "combining marks", "status of D" + new string('\u0301', 7_900) },
        { "marks between letters", Repeated("D\u0301\u0302\u0303e\u0301lta ") },
        { "zero-width", Repeated("D\u200Be\u200Cl\u200Dt\u2060a\uFEFF ") },
        { "right-to-left", Repeated("\u202Eatled\u202C مرحبا שלום ") },
        { "emoji", Repeated("👩‍👩‍👧‍👦🙂🏽") },
        { "control characters", Repeated("\u0000\u0001\u0007\u001B[31mDelta\u009F ") },
        { "lone surrogates", Repeated("\uD83D\uDC00x\uD800 ") },
        { "quotes", Repeated("\"“„«‹「'‘") },
        { "one word", new string('x', LongestText) },
        { "capital words", Repeated("Zyx Wvu And Tsr ") },
        { "apostrophes", Repeated("Delta's' ’s ") },
        { "ligatures that grow", Repeated("ﷺ") },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Resolve_HostileText_StaysBounded(string what, string text)
    {
        Assert.NotEmpty(what);
        Assert.InRange(text.Length, 1, LongestText);
        var found = await registry.Resolver.ResolveAsync("default", text, [], 5, TestContext.Current.CancellationToken);
        Assert.InRange(found.Mentions.Count, 0, 50);
        Assert.All(found.Mentions, m => Assert.InRange(m.Start + m.Length, 0, text.Length));
        Assert.All(found.Mentions, m => Assert.InRange(m.Candidates.Count, 0, 5));
    }

    [Theory]
    [InlineData("status of D\u200Belta In\u200Ddustries")]
    [InlineData("status of Ｄｅｌｔａ Ｉｎｄｕｓｔｒｉｅｓ")]
    [InlineData("status of De\u0301lta\u00A0Industries")]
    [InlineData("status of \u202ADelta Industries\u202C")]
    [InlineData("status of 🙂 Delta Industries 🙂")]
    public async Task Resolve_DisguisedName_IsFound(string text)
    {
        var found = await registry.Resolver.ResolveAsync("default", text.Normalize(NormalizationForm.FormC), [], 5, TestContext.Current.CancellationToken);
        Assert.Equal("C-1", Assert.Single(found.Mentions).Match?.Entity.Id);
    }

    private static string Repeated(string part) => string.Concat(Enumerable.Repeat(part, (LongestText / part.Length) + 1))[..LongestText];
}
