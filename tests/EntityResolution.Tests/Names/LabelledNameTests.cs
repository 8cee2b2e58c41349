using Platform.EntityResolution.Index;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Names;

/// <summary>Least quality on labelled names that are no part of the repository; the benchmark entity-matching measures it whole.</summary>
public sealed class LabelledNameTests
{
    [Fact]
    public void Find_OtherNamesOfSecRegistrants_FindsThemAmongAll()
    {
        var folder = TestData.Find("entity_matching");
        var builder = new NameIndexBuilder();
        foreach (var row in Rows(folder, "company_names/sec_companies.csv"))
        {
            builder.Add(row[0], row[1]);
        }

        var index = builder.Build();
        // Renames share no word with the present name.
        var asked = Rows(folder, "sec_alias_pairs_public.csv").Where(row => row[5] == "high" && row[4] != "no_shared_token").ToList();
        var found = asked.Select(row => (Right: row[1], Best: NameSearch.Find(index, row[0], 1).FirstOrDefault())).ToList();
        var right = found.Count(f => index.IdOf(f.Best.Entity) == f.Right);
        var answered = found.Where(f => f.Best.Probability >= 0.5).ToList();

        Assert.InRange((double)right / asked.Count, 0.97, 1);
        Assert.InRange((double)answered.Count(f => index.IdOf(f.Best.Entity) == f.Right) / answered.Count, 0.98, 1);
    }

    [Fact]
    public void LogOdds_OrganisationPairs_TellSameFromOther()
    {
        var pairs = Rows(TestData.Find("entity_matching"), "opensanctions_company_pairs_public.csv").Select(row => (Same: row[4] == "true", Found: NamePair.LogOdds(row[2], row[3]) >= NamePair.SameFrom)).ToList();
        var hits = pairs.Count(p => p.Same && p.Found);
        Assert.InRange(2.0 * hits / (pairs.Count(p => p.Same) + pairs.Count(p => p.Found)), 0.86, 1);
    }

    [Fact]
    public void Find_InventedNamesWithTypos_FindsThem()
    {
        var rows = Rows(TestData.Find("entity_matching"), "dnb_synthetic_company_names.csv");
        var names = rows.Select(row => row[2]).Distinct().ToList();
        var builder = new NameIndexBuilder();
        names.ForEach(name => builder.Add(name, name));
        var index = builder.Build();
        var right = rows.Count(row => NameSearch.Find(index, row[1], 1) is [var best] && index.IdOf(best.Entity) == row[2]);
        Assert.InRange((double)right / rows.Count, 0.9, 1);
    }

    /// <summary>Rows of a file without its header, quoted fields included.</summary>
    private static List<string[]> Rows(string folder, string file)
    {
        var path = File.Exists(folder) ? folder : Path.Combine(folder, file);
        var rows = new List<string[]>();
        var row = "";
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            row += line;
            // A line break within quotes belongs to the field.
            if (row.Count('"'.Equals) % 2 == 0)
            {
                rows.Add(Fields(row));
                row = "";
            }
        }

        return rows;
    }

    private static string[] Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(), "", false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    field += '"';
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field);
                field = "";
            }
            else
            {
                field += line[i];
            }
        }

        return [.. fields, field];
    }
}
