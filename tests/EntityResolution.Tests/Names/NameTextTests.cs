using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Tests.Names;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("Delta Industries", "delta industries")]
    [InlineData("  DELTA   industries ", "delta industries")]
    [InlineData("Müller & Söhne GmbH", "muller and sohne gmbh")]
    [InlineData("Muller and Sohne G.m.b.H.", "muller and sohne gmbh")]
    [InlineData("Société Générale S.A.", "societe generale sa")]
    [InlineData("Societe Generale S A", "societe generale sa")]
    [InlineData("I.B.M.", "ibm")]
    [InlineData("O'Hara Foods", "ohara foods")]
    [InlineData("O’Hara Foods", "ohara foods")]
    [InlineData("Straße AG", "strasse ag")]
    [InlineData("Æbleskov ApS", "aebleskov aps")]
    [InlineData("Świtoń", "switon")]
    [InlineData("Intl. Paper Co.", "international paper co")]
    [InlineData("International Paper Company", "international paper co")]
    [InlineData("The Gap, Inc.", "gap inc")]
    [InlineData("0625-TNJFG", "0625 tnjfg")]
    [InlineData("Zero\u200Bwidth", "zerowidth")]
    [InlineData("Ａcme", "acme")]
    [InlineData("株式会社", "株式会社")]
    [InlineData("AG", "ag")]
    public void Normalize_Name_GivesTheSharedKey(string name, string key) => Assert.Equal(key, NameText.Normalize(name).Key);

    [Theory]
    [InlineData("Delta Industries Inc.", "delta industries", "inc")]
    [InlineData("Holz GmbH & Co. KG", "holz", "gmbh co kg")]
    [InlineData("Delta Incorporated", "delta", "inc")]
    [InlineData("Castellan Sports Sp. z o.o.", "castellan sports", "spzoo")]
    [InlineData("Company", "company", "")]
    [InlineData("Bank of Lyon", "bank of lyon", "")]
    public void Normalize_LegalForm_IsSetAside(string name, string core, string form)
    {
        var normalized = NameText.Normalize(name);
        Assert.Equal(core, normalized.Core);
        Assert.Equal(form, normalized.LegalForm);
    }

    [Theory]
    [InlineData("Delta's balance", "delta", 5)]
    [InlineData("Industries' balance", "industries", 10)]
    [InlineData("Delta’s balance", "delta", 5)]
    public void Tokenize_Possessive_KeepsTheStemAndItsLength(string text, string stem, int length)
    {
        var token = NameText.Tokenize(text)[0];
        Assert.Equal(stem, token.Stem);
        Assert.Equal(length, token.Length);
    }

    [Fact]
    public void Tokenize_EmojiAndRightToLeft_KeepsOffsetsOfTheOriginal()
    {
        const string Text = "🙂 \u202Eשלום Delta";
        var tokens = NameText.Tokenize(Text);
        Assert.Equal("delta", tokens[^1].Text);
        Assert.Equal("Delta", Text.Substring(tokens[^1].Start, tokens[^1].Length));
    }

    [Fact]
    public void Tokenize_LoneSurrogatesAndControls_AreSeparators() =>
        Assert.Equal(["a", "b", "c"], NameText.Tokenize("a\ud83d b\u0001\u0002c").Select(t => t.Text));

    [Theory]
    [InlineData("delta", "delta", 0)]
    [InlineData("delta", "detla", 1)]
    [InlineData("industries", "industires", 1)]
    [InlineData("acme", "acne", 1)]
    [InlineData("acme", "ac", 2)]
    [InlineData("", "ab", 2)]
    public void Between_Words_CountsEdits(string a, string b, int distance) => Assert.Equal(distance, EditDistance.Between(a, b, 3));

    [Fact]
    public void Between_BeyondLimit_GivesLimitPlusOne() => Assert.Equal(3, EditDistance.Between("delta", "omega", 2));

    [Fact]
    public void Between_SwappedArguments_IsSymmetric()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var a = new string([.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => (char)('a' + random.Next(4)))]);
            var b = new string([.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => (char)('a' + random.Next(4)))]);
            Assert.Equal(EditDistance.Between(a, b, 10), EditDistance.Between(b, a, 10));
        }
    }
}
