using Platform.EntityResolution.Names;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>The registries that texts are looked up in: all SEC registrants and the labelled sets' own, without and with distractors.</summary>
internal static class LabelledRegistries
{
    public static IEnumerable<LabelledRegistry> Of(LabelledSets sets, bool isShort)
    {
        var sec = sets.SecAliases().Concat(Written(sets.SecCompanies)).ToList();
        yield return Some("SEC registrants", sets.SecCompanies, sec, isShort);

        // A distractor that is a registrant by its own or another name would make right answers wrong.
        var known = sets.SecCompanies.Select(c => Core(c.Name)).Concat(sec.Select(s => Core(s.Text))).ToHashSet();
        List<NamedEntity> distractors = [.. sets.WorldOrganisations.Where(w => !known.Contains(Core(w.Name)))];
        if (!isShort)
        {
            yield return Some("SEC registrants among world organisations", [.. sets.SecCompanies, .. distractors], sec, isShort);
        }

        // What is asked for but is not there: a quarter of the registrants is taken out.
        var missing = sets.SecCompanies.Select(c => c.Id).Where(id => LabelledName.Hash(id) % 4 == 0).ToHashSet();
        yield return Some(
            "SEC registrants, every fourth taken out",
            [.. sets.SecCompanies.Where(c => !missing.Contains(c.Id))],
            [.. sec.Select(s => missing.Contains(s.Right.Single()) ? s with { Kind = "not held", Right = new HashSet<string>() } : s)],
            isShort);

        var childCare = sets.ChildCare();
        yield return Some("child care sites of Chicago among SEC registrants", [.. childCare.Entities, .. sets.SecCompanies], childCare.Texts, isShort);

        var (invented, applicants, lookalikes) = (sets.Invented(), sets.Applicants(), sets.Lookalikes());
        List<LabelledName> texts = [.. invented.Texts, .. applicants.Texts, .. lookalikes.Texts];
        // Applicants are registrants too, some of them: those that share a telling word with one would be right and count as wrong.
        var words = applicants.Entities.Select(e => e.Name).Concat(applicants.Texts.Select(t => t.Text)).SelectMany(TellingWords).ToHashSet();
        yield return Some(
            "invented names, patent applicants and lookalikes among SEC registrants",
            [.. invented.Entities, .. applicants.Entities, .. lookalikes.Entities, .. sets.SecCompanies.Where(c => !TellingWords(c.Name).Any(words.Contains))],
            texts,
            isShort);
    }

    private static LabelledRegistry Some(string name, IReadOnlyList<NamedEntity> entities, IReadOnlyList<LabelledName> texts, bool isShort) =>
        new(name, entities, isShort ? [.. texts.Where((_, n) => n % 20 == 0)] : texts);

    private static string Core(string name) => NameText.Normalize(name).Core;

    private static IEnumerable<string> TellingWords(string name) =>
        NameText.Normalize(name).Words.Where(w => w.Length >= 3 && CommonWords.Share(w) <= CommonWords.OtherShare);

    /// <summary>Registrants' names as people write them; the seed is fixed.</summary>
    private static IEnumerable<LabelledName> Written(IReadOnlyList<NamedEntity> entities)
    {
        var writer = new Misspelling(20261122);
        foreach (var entity in entities.Where(e => LabelledName.Hash(e.Id) % 10 == 3))
        {
            var right = new HashSet<string> { entity.Id };
            yield return new LabelledName("written", "one slip", writer.Slip(entity.Name, 1), right);
            yield return new LabelledName("written", "two slips", writer.Slip(entity.Name, 2), right);
            if (entity.Name.Count(' '.Equals) >= 2)
            {
                yield return new LabelledName("written", "other order", writer.OtherOrder(entity.Name), right);
                yield return new LabelledName("written", "word joined", writer.Joined(entity.Name), right);
            }
        }

        // A seed of its own, so that the texts above are those that were always asked.
        var shortener = new Misspelling(20261123);
        foreach (var entity in entities.Where(e => LabelledName.Hash(e.Id) % 10 == 3 && NameText.Normalize(e.Name).Words.Count >= 2))
        {
            var right = new HashSet<string> { entity.Id };
            yield return new LabelledName("written", "word left out", shortener.Omit(entity.Name), right);
            yield return new LabelledName("written", "first words only", shortener.Shortened(entity.Name), right);
        }

        var mixer = new Misspelling(20261124);
        foreach (var (entity, other) in entities.Where(e => LabelledName.Hash(e.Id) % 10 == 3).Zip(entities.Where(e => LabelledName.Hash(e.Id) % 10 == 4 && NameText.Normalize(e.Name).Words.Count > 0)))
        {
            var right = new HashSet<string> { entity.Id };
            yield return new LabelledName("written", "another word too", mixer.WithWordOf(other.Name, entity.Name), right);
            if (mixer.Inner(entity.Name) is { } inner)
            {
                yield return new LabelledName("written", "inner words only", inner, right);
            }
        }
    }
}
