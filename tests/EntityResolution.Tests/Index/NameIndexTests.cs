using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Tests.Index;

public sealed class NameIndexTests
{
    [Fact]
    public void Find_EveryName_IsFoundWhateverItsCase()
    {
        var names = IndexedNames.Random(2_000, 1);
        var index = IndexedNames.Of(names);
        foreach (var name in names)
        {
            var row = NameLookup.Find(index, name.ToUpperInvariant());
            Assert.Equal(NameText.Normalize(name).Key, NameText.Normalize(index.NameOf(row)).Key);
        }
    }

    [Fact]
    public void Find_SameCoreOfSeveralForms_PrefersTheForm()
    {
        var index = IndexedNames.Of("Delta AG", "Delta Inc", "Delta");
        Assert.Equal(["Delta AG", "Delta Inc", "Delta", "Delta AG"], ((string[])["delta ag", "Delta, Incorporated", "DELTA", "Delta Ltd"]).Select(n => index.NameOf(NameLookup.Find(index, n))));
    }

    [Fact]
    public void Find_NameThatIsAbsent_GivesNone() => Assert.Equal(-1, NameLookup.Find(IndexedNames.Of("Delta Industries"), "Delta"));

    [Theory]
    [InlineData("C-0", 0)]
    [InlineData("c-1", 1)]
    [InlineData("C-2", -1)]
    public void FindId_AnyCase_GivesTheEntity(string id, int entity) => Assert.Equal(entity, IndexedNames.Of("Delta", "Omega").FindId(id));

    [Fact]
    public void FindInitials_WithAndWithoutMinorWords_GivesTheRows()
    {
        var index = IndexedNames.Of("Bank of America", "Best Apples Ltd", "British Overseas Airways");
        List<int> Rows(string letters)
        {
            var rows = new List<int>();
            index.FindInitials(letters, rows, 10);
            return rows;
        }

        Assert.Equal([0, 1], Rows("ba").Order());
        Assert.Equal([0, 2], Rows("boa").Order());
    }

    [Theory]
    [InlineData("delta", 3)]
    [InlineData("oao", 2)]
    [InlineData("j", 3)]
    [InlineData("industries", 0)]
    public void LongestFrom_Word_CountsWordsAsWritten(string word, int words) =>
        Assert.Equal(words, IndexedNames.Of("Delta Industries Inc", "OAO Gazprom", "J B Hunt").LongestFrom(word));

    [Fact]
    public void Build_NoNames_AnswersNothing()
    {
        var index = IndexedNames.Of();
        Assert.Empty(NameSearch.Find(index, "delta", 5));
        Assert.Empty(NameCompletion.Find(index, "delta", 5));
        Assert.Equal(-1, NameLookup.Find(index, "delta"));
    }

    [Fact]
    public void Build_NamesWithoutWordsOrVeryLong_AreKept()
    {
        var index = IndexedNames.Of("!!!", "", new string('a', 5_000) + " Works", string.Join(' ', Enumerable.Range(0, 400).Select(n => $"word{n}")));
        Assert.Equal(4, index.Entities);
        Assert.Equal(2, NameLookup.Find(index, new string('A', 5_000) + " works"));
        Assert.Equal(3, NameSearch.Find(index, "word1 word2 word399", 1)[0].Row);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void FindTypos_AnyWord_GivesAllWithinTheEdits(int edits, int seed)
    {
        var random = new Random(seed);
        string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abcd"[random.Next(4)]));
        var words = new WordTable();
        var all = Enumerable.Range(0, 400).Select(_ => Word(random.Next(5, 12))).Distinct().ToList();
        all.ForEach(word => words.FindOrAdd(word));
        words.Freeze();
        var typos = new TypoTable(words);
        foreach (var asked in Enumerable.Range(0, 200).Select(_ => Word(random.Next(5, 12))))
        {
            var found = new List<int>();
            typos.Find(asked, edits, found);
            Assert.Equal(
                all.Where(word => EditDistance.Between(asked, word, 3) is var distance && distance > 0 && distance <= edits).Order(StringComparer.Ordinal),
                found.Select(word => words[word].ToString()).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Read_PostingsOfEveryWord_AreTheRowsThatHoldIt()
    {
        var index = IndexedNames.Of(IndexedNames.Random(1_500, 4));
        for (var word = 0; word < index.Words.Count; word++)
        {
            var rows = new List<int>();
            var reader = index.Postings.Read(word);
            while (reader.Next())
            {
                rows.Add(reader.Row);
            }

            Assert.Equal(Enumerable.Range(0, index.Rows.Count).Where(row => index.Rows.WordsOf(row).Contains(word)), rows);
            Assert.Equal(index.Words.NamesWith(word), rows.Count);
        }
    }
}
