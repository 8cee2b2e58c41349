using Platform.EntityResolution.Index;

namespace Platform.EntityResolution.Tests.Index;

public sealed class NameLayersTests
{
    private static readonly NameLayers Many = new(IndexedNames.Of([.. Enumerable.Range(0, 3_000).Select(n => $"Company{n} Works")]));

    [Fact]
    public void With_RenamedEntity_IsFoundByItsNewNameOnly()
    {
        var changed = Many.With([("C-7", "Nimbus Quarterdeck")], new HashSet<string> { "C-7" });
        Assert.Equal("Nimbus Quarterdeck", changed.FindId("C-7")!.Value.Name);
        Assert.Empty(changed.FindCore("company7 works"));
        Assert.Equal("C-7", Assert.Single(changed.FindCore("nimbus quarterdeck")).Id);
        var found = changed.FindLike(["nimbus", "quaterdeck"], 3)[0];
        Assert.Equal("C-7", found.Owner.Id);
        Assert.True(found.Match.Probability > 0.6);
        Assert.DoesNotContain(changed.FindLike(["company7", "works"], 10), f => f.Owner.Id == "C-7");
        Assert.Equal("Nimbus Quarterdeck", changed.Complete("nimb", 5)[0].Entity.Name);
        Assert.Equal(Many.Count, changed.Count);
        Assert.Equal("Company7 Works", Many.FindId("C-7")!.Value.Name);
    }

    [Fact]
    public void With_ChangesOfChanges_AnswersAsOneIndexOfTheResult()
    {
        var random = new Random(2);
        var expected = Enumerable.Range(0, 3_000).ToDictionary(n => $"C-{n}", n => $"Company{n} Works");
        var layers = Many;
        for (var round = 0; round < 30; round++)
        {
            var ids = Enumerable.Range(0, 20).Select(_ => $"C-{random.Next(3_050)}").ToHashSet();
            var present = ids.Where(_ => random.Next(4) > 0).ToDictionary(id => id, id => $"Renamed{round} {id[2..]} Trust");
            layers = layers.With(present.Select(p => (p.Key, p.Value)), ids);
            foreach (var id in ids)
            {
                expected.Remove(id);
            }

            foreach (var (id, name) in present)
            {
                expected[id] = name;
            }
        }

        Assert.Equal(expected.Count, layers.Count);
        Assert.All(Enumerable.Range(0, 3_050), n => Assert.Equal(expected.GetValueOrDefault($"C-{n}"), layers.FindId($"C-{n}")?.Name));
    }

    [Fact]
    public void With_ManyChanges_IsBuiltAnew()
    {
        var all = Enumerable.Range(0, 3_000).ToDictionary(n => $"C-{n}", n => $"Other{n} House");
        var changed = Many.With(all.Select(p => (p.Key, p.Value)), all.Keys.ToHashSet());
        Assert.Equal(3_000, changed.Count);
        Assert.Equal("C-5", Assert.Single(changed.FindCore("other5 house")).Id);
        Assert.False(changed.HasWord("works"));
    }

    [Fact]
    public void FindLike_AliasWithATypo_GivesItsOwnerOnceWithTheWordsThatAgreed()
    {
        var aliases = new NameIndexBuilder();
        var seven = aliases.Add("C-7", "golden goose");
        aliases.AddAlias(seven, "gilded gander");
        aliases.Add("C-none", "purple pigeon");
        var layers = Many.WithAliases(aliases.Build());

        var found = layers.FindLike(["goldn", "goose"], 5)[0];
        Assert.Equal(("C-7", "Company7 Works", "golden goose"), (found.Owner.Id, found.Owner.Name, found.FoundName));
        Assert.True(found.IsAlias);
        Assert.True(found.Match.Probability > 0.6);
        Assert.Equal("alias: golden goose", found.Explain(["goldn", "goose"])[0]);
        Assert.Single(layers.FindLike(["golden", "gander"], 5), f => f.Owner.Id == "C-7");
        Assert.Empty(layers.FindLike(["purple", "pigeon"], 5));
        Assert.True(layers.HasWord("gander"));
    }

    [Fact]
    public void FindLike_OwnNameAndAlias_CompeteAsOneEntity()
    {
        var aliases = new NameIndexBuilder();
        aliases.Add("C-1", "delta work");
        var layers = new NameLayers(IndexedNames.Of("Omega Foods", "Delta Works")).WithAliases(aliases.Build());
        var match = Assert.Single(layers.FindLike(["delta", "wroks"], 5));
        Assert.Equal("C-1", match.Owner.Id);
        Assert.InRange(layers.FindLike(["delta", "wroks"], 5).Sum(f => f.Match.Probability), 0, 1);
    }
}
