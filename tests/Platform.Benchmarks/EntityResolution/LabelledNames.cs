using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using System.Globalization;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>An entity of a registry.</summary>
internal sealed record NamedEntity(string Id, string Name);

/// <summary>A text with the entities that it means; none when the registry lacks the one that is meant.</summary>
internal sealed record LabelledName(string Set, string Kind, string Text, IReadOnlySet<string> Right)
{
    // --swap exchanges the halves, to see whether what holds on one holds on the other.
    private static readonly uint TrainingRest = Environment.GetCommandLineArgs().Contains("--swap") ? 1u : 0;

    /// <summary>Half of the texts, by their hash, for choosing weights and thresholds; figures are of the other half.</summary>
    public bool IsTraining { get; } = Hash(Text) % 2 == TrainingRest;

    /// <summary>FNV-1a, the same on every machine.</summary>
    public static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ part) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}

/// <summary>Names to find one text in.</summary>
internal sealed record LabelledRegistry(string Name, IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts);

/// <summary>Two names that are the same organisation, or not.</summary>
internal sealed record LabelledPair(string Left, string Right, bool Same, string Category)
{
    public bool IsTraining { get; } = LabelledName.Hash(Left + "|" + Right) % 2 == 0;
}

/// <summary>Reads the labelled sets of <c>data/entity_matching</c>; see its NOTES.md for their sources.</summary>
internal sealed class LabelledSets(string folder)
{
    public IReadOnlyList<NamedEntity> SecCompanies { get; } = [.. Read(folder, "company_names/sec_companies.csv").Select(row => new NamedEntity(row["cik"], row["name"]))];

    public IReadOnlyList<NamedEntity> WorldOrganisations { get; } = [.. Read(folder, "company_names/world_organisations.csv").Select((row, n) => new NamedEntity($"w{n}", row["name"]))];

    /// <summary>Other names of SEC registrants. Renames, which no comparison of names can find, are a kind of their own.</summary>
    public IEnumerable<LabelledName> SecAliases() =>
        Read(folder, "sec_alias_pairs_public.csv").Select(row => new LabelledName(
            "sec",
            row["label_confidence"] == "low" || row["difference_kind"] == "no_shared_token" ? "renamed" : row["difference_kind"],
            row["mention"],
            new HashSet<string> { row["cik"] }));

    /// <summary>Invented names with typos; the registry is to hold their right spellings.</summary>
    public (IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts) Invented()
    {
        var rows = Read(folder, "dnb_synthetic_company_names.csv");
        var ids = rows.Select(row => row["canonical_name"]).Distinct().Select((name, n) => (name, n)).ToDictionary(p => p.name, p => $"d{p.n}");
        return (
            [.. ids.Select(pair => new NamedEntity(pair.Value, pair.Key))],
            [.. rows.Select(row => new LabelledName("dnb", row["mention"] == row["canonical_name"] ? "same" : "typo", row["mention"], new HashSet<string> { ids[row["canonical_name"]] }))]);
    }

    /// <summary>Names that patent offices wrote for one applicant; the most frequent one is the registry's.</summary>
    public (IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts) Applicants() =>
        Clusters("patent", Read(folder, "patent_applicant_clusters.csv").Select(row => (row["cluster_id"], row["raw_name"])));

    /// <summary>Sites of child care organisations: names of one site, written by different offices.</summary>
    public (IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts) ChildCare() =>
        Clusters("chicago", Read(folder, "chicago_orgs_public.csv").Select(row => (row["cluster_id"], row["site_name"])));

    /// <summary>Dutch companies, most of which the registry does not hold though it has names alike.</summary>
    public (IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts) Lookalikes()
    {
        var rows = Read(folder, "emm_kvk_name_pairs.csv");
        var held = rows.Select(row => row["name"]).Distinct().Select((name, n) => (name, n)).ToDictionary(p => p.name, p => $"k{p.n}");
        return (
            [.. held.Select(pair => new NamedEntity(pair.Value, pair.Key))],
            [.. rows.GroupBy(row => row["gt_name"]).Select(group => new LabelledName(
                "kvk",
                group.Any(row => row["correct"] == "True") ? "held" : "not held",
                group.Key,
                group.Where(row => row["correct"] == "True").Select(row => held[row["name"]]).ToHashSet()))]);
    }

    public IReadOnlyList<LabelledPair> Pairs() =>
        [.. Read(folder, "opensanctions_company_pairs_public.csv").Select(row => new LabelledPair(row["name1"], row["name2"], row["is_match"] == "true", row["category"]))];

    private static (IReadOnlyList<NamedEntity> Entities, IReadOnlyList<LabelledName> Texts) Clusters(string set, IEnumerable<(string Cluster, string Name)> rows)
    {
        var clusters = rows.Where(row => row.Name.Length > 0).GroupBy(row => row.Cluster).ToList();
        var entities = new List<NamedEntity>();
        var texts = new Dictionary<string, HashSet<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var cluster in clusters)
        {
            var names = cluster.GroupBy(row => row.Name, StringComparer.OrdinalIgnoreCase).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
            entities.Add(new NamedEntity(set + cluster.Key, names[0]));
            foreach (var name in names.Skip(1))
            {
                texts.TryAdd(name, []);
                texts[name].Add(set + cluster.Key);
            }
        }

        // A name that several clusters have is right for each; one that the registry holds as it is for another is not asked.
        var held = entities.Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (entities, [.. texts.Where(t => !held.Contains(t.Key)).Select(t => new LabelledName(set, "written otherwise", t.Key, t.Value))]);
    }

    private static List<Dictionary<string, string>> Read(string folder, string file)
    {
        using var reader = new CsvReader(new StreamReader(Path.Combine(folder, file)), new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null });
        reader.Read();
        reader.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            rows.Add(reader.HeaderRecord!.ToDictionary(column => column, column => reader.GetField(column) ?? ""));
        }

        return rows;
    }
}
