using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Tests.Names;

public sealed class WordTests
{
    [Theory]
    [InlineData("Газпром нефть ПАО", "gazprom neft pjsc")]
    [InlineData("ООО Ромашка", "romashka ooo")]
    [InlineData("Εθνική Τράπεζα", "ethniki trapeza")]
    [InlineData("Ångström AB", "angstrom ab")]
    [InlineData("Dvořák s.r.o.", "dvorak sro")]
    [InlineData("Open Joint Stock Company Gazprom", "gazprom ojsc")]
    [InlineData("Siemens Aktiengesellschaft", "siemens ag")]
    [InlineData("Societatea cu Răspundere Limitată PRO TRAFFIC", "pro traffic srl")]
    [InlineData("Cemex S.A.B. de C.V.", "cemex sadecv")]
    [InlineData("Kirin 株式会社", "kirin kk")]
    [InlineData("大华股份有限公司", "大华 cn jsc")]
    [InlineData("J. B. Hunt", "jb hunt")]
    [InlineData("A. O. Smith Corp.", "ao smith corp")]
    [InlineData("Coca-Cola Company (The)", "coca cola co")]
    [InlineData("Csp Inc /Ma/", "csp inc")]
    [InlineData("Danaher Corp /De", "danaher corp")]
    [InlineData("Novo Nordisk A/S", "novo nordisk as")]
    [InlineData("Sara Lee/DE N.V.", "sara lee de nv")]
    [InlineData("Harbour Centre", "harbor center")]
    [InlineData("The The", "the")]
    public void Normalize_NameOfManyCountries_GivesTheSharedKey(string name, string key) => Assert.Equal(key, NameText.Normalize(name).Key);

    [Fact]
    public void Normalize_AnyText_OfItsOwnKeyIsTheSameKey()
    {
        var random = new Random(4);
        const string Characters = "aBc dEf'’.,&-/()0123 äßéЖλ株 \u0301\u200B🙂x";
        for (var n = 0; n < 3_000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 30)).Select(_ => Characters[random.Next(Characters.Length)]));
            var key = NameText.Normalize(text).Core;
            Assert.Equal(key, NameText.Normalize(NameText.Normalize(text).Core).Core);
            Assert.Equal(NormalizedName.From([.. NameText.Tokenize(text).Select(t => t.Text)]).Core, NormalizedName.From([.. NameText.Tokenize(text.ToUpperInvariant()).Select(t => t.Text)]).Core);
            Assert.DoesNotContain("  ", key, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("three", "3")]
    [InlineData("iii", "3rd")]
    [InlineData("holding", "holdings")]
    [InlineData("industry", "industries")]
    [InlineData("tech", "technologies")]
    public void Between_Kin_IsNearlyTheSame(string a, string b)
    {
        Assert.Equal(WordLikeness.Kin, WordLikeness.Between(a, b));
        Assert.Equal(WordLikeness.Kin, WordLikeness.Between(b, a));
    }

    [Theory]
    [InlineData("industries", "indsutries", "dentistries")]
    [InlineData("delta", "dleta", "omega")]
    [InlineData("siemens", "seimens", "clemens")]
    [InlineData("pharmaceuticals", "pharmacueticals", "pharmacies")]
    [InlineData("system1", "systeem1", "system2")]
    public void Between_Typo_IsNearerThanAnotherWord(string word, string typo, string other) =>
        Assert.True(WordLikeness.Between(word, typo) > WordLikeness.Between(word, other));

    [Fact]
    public void Between_AnyWords_IsSymmetricAndOneOnlyForTheSame()
    {
        var random = new Random(6);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "abcd1"[random.Next(5)]));
        for (var n = 0; n < 3_000; n++)
        {
            var (a, b) = (Word(), Word());
            Assert.Equal(WordLikeness.Between(a, b), WordLikeness.Between(b, a), 4);
            Assert.Equal(a == b, WordLikeness.Between(a, b) == 1);
            Assert.Equal(TypoCost.Between(a, b), TypoCost.Between(b, a), 4);
            Assert.InRange(TypoCost.Between(a, b), 0, 1.3f * Math.Max(a.Length, b.Length));
        }
    }

    [Fact]
    public void Weight_RarerWord_TellsMore()
    {
        Assert.True(CommonWords.Weight("kestrel", 1, 1000) > CommonWords.Weight("kestrel", 50, 1000));
        Assert.True(CommonWords.Weight("kestrel", 1, 20) > CommonWords.Weight("industries", 1, 20) + 1);
        Assert.True(CommonWords.Weight("kestrel", 0, 1000) >= CommonWords.Weight("kestrel", 1, 1000));
        Assert.Equal(1, CommonWords.Weight("gmbh", 0, 1000));
    }

    [Theory]
    [InlineData("Fund II", "Fund III", true)]
    [InlineData("Fund II", "Fund 2", false)]
    [InlineData("Trust 2004", "Trust 2005", true)]
    [InlineData("Fund II", "Fund", true)]
    [InlineData("Fund", "Fund II", false)]
    [InlineData("S. Rosendaal Beheer", "H. Rosendaal Beheer", true)]
    public void Compare_Numbers_AreToldApart(string asked, string name, bool differs) =>
        Assert.Equal(differs, new NameComparison().Compare(Compared(asked), Compared(name)).NumberDiffers);

    [Fact]
    public void LogOdds_EqualNames_AreAboveAllThatAreAlike()
    {
        Assert.True(NamePair.LogOdds("Delta Inc", "DELTA Incorporated") > NamePair.LogOdds("Delta Inc", "Delta"));
        Assert.True(NamePair.LogOdds("Delta", "Delta GmbH") > NamePair.LogOdds("Delta AG", "Delta GmbH"));
        Assert.True(NamePair.LogOdds("Delta AG", "Delta GmbH") > NamePair.LogOdds("International Business Machines of Delta", "International Business Machines of Detla"));
    }

    [Fact]
    public void Between_OtherDigits_IsAnotherWord() => Assert.Equal(0, WordLikeness.Between("unit17", "unit18"));

    private static ComparedName Compared(string name)
    {
        var compared = new ComparedName();
        var normalized = NameText.Normalize(name);
        foreach (var word in normalized.Words)
        {
            compared.Add(word, CommonWords.Weight(word, 1, 1000));
        }

        compared.End(normalized.LegalForm);
        return compared;
    }
}
