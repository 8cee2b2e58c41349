using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Tests.Index;

public sealed class NameSearchTests
{
    private static readonly NameIndex Companies = IndexedNames.Of(
        "Delta Industries Inc", "Delta Logistics GmbH", "International Business Machines Corp", "Bank of New York Mellon Corp", "Müller & Söhne GmbH",
        "Hunt J B Transport Services Inc", "Three Rivers Holdings", "Vanderbilt Corp", "3M Co", "Fund II LP", "Fund III LP", "Fund IV LP", "Global Logistics Systems",
        "OAO Gazprom", "Газпром нефть", "Deutsche Telekom AG", "Target Corp", "Apple Inc", "Appel Farms Inc", "National Bank of Greece", "Twin Peaks Ltd", "Twin Peaks Ltd", "Smith A O Corp");

    [Theory]
    [InlineData("Delta Industries", "Delta Industries Inc")]
    [InlineData("delta industires", "Delta Industries Inc")]
    [InlineData("Industries Delta", "Delta Industries Inc")]
    [InlineData("deltaindustries", "Delta Industries Inc")]
    [InlineData("dleta industriesinc", "Delta Industries Inc")]
    [InlineData("Delta Industries Incc", "Delta Industries Inc")]
    [InlineData("The Delta Industries Company of Ohio", "Delta Industries Inc")]
    [InlineData("d elta logistics", "Delta Logistics GmbH")]
    [InlineData("IBM", "International Business Machines Corp")]
    [InlineData("Intl Business Machines", "International Business Machines Corp")]
    [InlineData("BNY Mellon", "Bank of New York Mellon Corp")]
    [InlineData("Mueller and Soehne", "Müller & Söhne GmbH")]
    [InlineData("J.B. Hunt Transport", "Hunt J B Transport Services Inc")]
    [InlineData("3 Rivers Holding", "Three Rivers Holdings")]
    [InlineData("van der bilt", "Vanderbilt Corp")]
    [InlineData("3 M Company", "3M Co")]
    [InlineData("Fund 3", "Fund III LP")]
    [InlineData("Gazprom", "OAO Gazprom")]
    [InlineData("Gazprom Neft", "Газпром нефть")]
    [InlineData("Deutsche Telecom", "Deutsche Telekom AG")]
    [InlineData("A. O. Smith", "Smith A O Corp")]
    [InlineData("Apple", "Apple Inc")]
    [InlineData("Aple kInc", "Apple Inc")]
    [InlineData("wTin Pea kslLtd", "Twin Peaks Ltd")]
    [InlineData("Glo bal Logistic sSytems", "Global Logistics Systems")]
    public void Find_NameWrittenOtherwise_IsFirst(string text, string name) => Assert.Equal(name, IndexedNames.Best(Companies, text));

    [Fact]
    public void Find_NumberLeftOut_IsLikelyWhenOneNameHasTheWords_AndUnsureWhenSeveralDo()
    {
        var sites = IndexedNames.Of("Harbour Youth Centers Shining Star 1", "Harbour Youth Centers Orchard", "Meadow Fund II", "Meadow Fund III");

        var one = NameSearch.Find(sites, "Harbour Youth Centers Shining Star", 5);
        var several = NameSearch.Find(sites, "Meadow Fund", 5);

        Assert.Equal(0, one[0].Entity);
        Assert.True(one[0].Probability > 0.6);
        Assert.Equal(several[0].Probability, several[1].Probability, 2);
        Assert.True(several[0].Probability < 0.6);
    }

    [Fact]
    public void Find_WordsOfAFamilyWithAnothersOwn_IsTheOneWithItsOwn()
    {
        var others = Enumerable.Range(0, 2000).Select(n => $"Quorum{n} Trading Ltd");
        var family = Enumerable.Range(0, 12).Select(n => $"Harbour Lane House {(char)('K' + n)}orchard");
        var index = IndexedNames.Of([.. others, .. family, "Western Bells Quick Otters"]);

        Assert.Equal("Western Bells Quick Otters", IndexedNames.Best(index, "Harbour Lane House Quick Otters"));
        Assert.Equal("Harbour Lane House Morchard", IndexedNames.Best(index, "Harbour Lane House Morchard"));
    }

    [Fact]
    public void Find_OtherInitialAndASlip_IsNeverTaken()
    {
        var found = NameSearch.Find(IndexedNames.Of("P. Woordenaar Beheer B.V.", "Delta Industries Inc"), "S. Wordenaar Beheer B.V.", 1);

        Assert.InRange(found[0].Probability, 0, 0.5f);
    }

    [Theory]
    [InlineData("Hinton", "Shore Public Schools Hinton, William")]
    [InlineData("Kestrel Valley", "Upper Kestrel Valley Water Works")]
    public void Find_WordsFromWithin_AreBeforeANameOfOtherLetters(string text, string name) =>
        Assert.Equal(name, IndexedNames.Best(IndexedNames.Of("Henson", "Castrel Vale", "Shore Public Schools Hinton, William", "Upper Kestrel Valley Water Works"), text));

    [Fact]
    public void Find_EqualName_IsExactAndBeforeAllAlike()
    {
        var found = NameSearch.Find(Companies, "apple", 5);
        Assert.Equal(MatchKind.Exact, found[0].Kind);
        Assert.True(found[0].Probability > 0.9);
        Assert.All(found.Skip(1), match => Assert.True(match.LogOdds < found[0].LogOdds));
    }

    [Fact]
    public void Find_TwoEntitiesOfOneName_AreEquallyProbable()
    {
        var found = NameSearch.Find(Companies, "twin peaks ltd", 5);
        Assert.Equal(["C-20", "C-21"], found.Take(2).Select(f => Companies.IdOf(f.Entity)));
        Assert.InRange(found[0].Probability, 0.45, 0.5);
        Assert.Equal(found[0].Probability, found[1].Probability);
    }

    [Fact]
    public void Find_WordSharedByTwo_IsNoCertainty() => Assert.InRange(NameSearch.Find(Companies, "delta", 5)[0].Probability, 0.1, 0.6);

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("zzyzxwv")]
    [InlineData("\u202E\u0001🙂")]
    public void Find_NothingAlike_GivesNothing(string text) => Assert.Empty(NameSearch.Find(Companies, text, 5));

    [Fact]
    public void Find_AnyText_GivesProbabilitiesThatSumToAtMostOne()
    {
        var random = new Random(1);
        var index = IndexedNames.Of(IndexedNames.Random(300, 1));
        foreach (var name in IndexedNames.Random(300, 2))
        {
            var found = NameSearch.Find(index, Misspell(name, random), 100);
            Assert.InRange(found.Sum(f => f.Probability), 0, 1.0001);
            Assert.Equal(found.Select(f => f.Probability).OrderDescending(), found.Select(f => f.Probability));
        }
    }

    [Fact]
    public void Find_SmallRegistry_GivesWhatComparingEveryNameGives()
    {
        var random = new Random(5);
        var names = IndexedNames.Random(400, 5);
        var index = IndexedNames.Of(names);
        var different = 0;
        foreach (var name in names.Concat(names))
        {
            var text = Misspell(name, random);
            var best = NameSearch.Find(index, text, 1);
            var scanned = ScanAll(index, text);
            different += best.Count == 0 || best[0].LogOdds < scanned - 0.01f ? 1 : 0;
        }

        // Words beyond two edits are found by their neighbours only.
        Assert.InRange(different, 0, 8);
    }

    [Fact]
    public void Find_BuiltTwice_GivesTheSame()
    {
        var names = IndexedNames.Random(500, 9);
        var (first, second) = (IndexedNames.Of(names), IndexedNames.Of(names));
        var random = new Random(9);
        foreach (var text in names.Select(name => Misspell(name, random)))
        {
            Assert.Equal(NameSearch.Find(first, text, 5), NameSearch.Find(second, text, 5));
        }
    }

    [Fact]
    public async Task Find_ManyThreads_GiveWhatOneGives()
    {
        var names = IndexedNames.Random(500, 3);
        var index = IndexedNames.Of(names);
        var expected = names.Select(name => NameSearch.Find(index, name.AsSpan(1), 3)).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), TestContext.Current.CancellationToken, (_, _) =>
        {
            Assert.Equal(expected, names.Select(name => NameSearch.Find(index, name.AsSpan(1), 3)));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Find_AliasOfAnEntity_GivesTheEntityOnce()
    {
        var builder = new NameIndexBuilder();
        var delta = builder.Add("C-1", "Delta Industries");
        builder.AddAlias(delta, "Big Delta Works");
        builder.Add("C-2", "Omega");
        var index = builder.Build();
        var match = Assert.Single(NameSearch.Find(index, "big delta wroks", 5));
        Assert.Equal(("C-1", "Big Delta Works"), (index.IdOf(match.Entity), index.NameOf(match.Row)));
    }

    [Fact]
    public void Find_HostileText_EndsWithinBounds()
    {
        var text = string.Concat(Enumerable.Repeat("delta indsutries & bank ", 40_000));
        Assert.InRange(NameSearch.Find(Companies, text, 5).Count, 0, 5);
    }

    [Theory]
    [InlineData("delta industires", "same word: delta", "\"industires\" read as industries", "legal form left out: inc")]
    [InlineData("Industries Delta GmbH", "same word: industries", "another word order", "legal form gmbh read as inc")]
    [InlineData("Delta Sweden", "same word: delta", "not in the name: sweden", "left out: industries")]
    [InlineData("deltaindustries", "written as one word: delta industries", "legal form left out: inc")]
    public void Explain_Match_NamesWhatAgreedAndWhatWasForgiven(string text, params string[] phrases)
    {
        var match = NameSearch.Find(Companies, text, 5).First(m => Companies.IdOf(m.Entity) == "C-0");
        var said = NameSearch.Explain(Companies, text, match);
        Assert.All(phrases, phrase => Assert.Contains(phrase, said));
    }

    private static float ScanAll(NameIndex index, string text)
    {
        var words = new NameWords();
        words.Read(text);
        var (asked, named, comparison) = (new ComparedName(), new ComparedName(), new NameComparison());
        new SearchTerms().Read(index, words, asked);
        var best = float.MinValue;
        for (var row = 0; row < index.Rows.Count; row++)
        {
            index.Load(row, named);
            best = Math.Max(best, MatchModel.LogOdds(comparison.Compare(asked, named)));
        }

        return best;
    }

    private static string Misspell(string name, Random random)
    {
        var at = random.Next(name.Length);
        return random.Next(3) switch
        {
            0 => name.Remove(at, 1),
            1 => name.Insert(at, "x"),
            _ => name,
        };
    }
}
