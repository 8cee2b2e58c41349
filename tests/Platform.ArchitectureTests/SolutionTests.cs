using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>Nothing is left out of the build, and every stand-in says what it stands in for.</summary>
public sealed partial class SolutionTests
{
    public static TheoryData<string> Polyfills() =>
        [.. Repository.FilesUnder("polyfills", ".csproj").Where(f => f.Split('/').Length == 3).Select(f => Path.GetDirectoryName(f)!)];

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        string solution = Repository.Read("Platform.sln").Replace('\\', '/');
        Assert.All(Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)), project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Polyfills))]
    public void Polyfill_HasReadme(string folder)
    {
        Assert.Contains($"{folder}/README.md", Repository.Files);
    }

    [Theory]
    [MemberData(nameof(Polyfills))]
    public void Polyfill_StandsInForAListedPackage(string folder)
    {
        string package = Path.GetFileName(folder);
        XDocument versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        // Aspire.AppHost.Sdk brings the dashboard by itself, as a package for each kind of machine that nobody references.
        Assert.Contains(package, versions.Descendants("PackageVersion").Select(v => (string?)v.Attribute("Include")).Append("Aspire.Dashboard"));
    }

    [Fact]
    public void Packages_AreListedWithOneVersionEach()
    {
        XDocument versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        IEnumerable<string> twice = versions.Descendants("PackageVersion").Where(v => v.Attribute("Condition") is null)
            .GroupBy(v => (string)v.Attribute("Include")!).Where(g => g.Count() > 1).Select(g => g.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void Services_HaveTestsAndRequestFiles()
    {
        string[] services = [.. Repository.FilesUnder("services", ".csproj").Select(f => Path.GetFileNameWithoutExtension(f)).Where(s => s != "Contracts")];
        Assert.Equal(9, services.Length);
        Assert.All(services, service => Assert.Contains($"tests/{service}.Tests/{service}.Tests.csproj", Repository.Files));
        Assert.All(services.Where(s => s != "Migrations"), service => Assert.Contains($"services/{service}/{service}.http", Repository.Files));
    }

    [Fact]
    public void EveryAppTable_NamesItsOwner()
    {
        string schema = string.Join('\n', Repository.FilesUnder("services/Migrations/Schema", ".sql").Select(Repository.Read));
        string[] services = [.. Repository.FilesUnder("services", ".csproj").Select(f => Path.GetFileNameWithoutExtension(f))];
        string[] tables = [.. AppTable().Matches(schema).Select(m => m.Groups[1].Value)];
        Dictionary<string, string> owners = Owner().Matches(schema).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Contains(owners.GetValueOrDefault(table, "nobody"), services));
        Assert.Equal(tables.Order(StringComparer.Ordinal), owners.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Services_WriteOnlyToTheirOwnTables()
    {
        string schema = string.Join('\n', Repository.FilesUnder("services/Migrations/Schema", ".sql").Select(Repository.Read));
        Dictionary<string, string> owners = Owner().Matches(schema).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

        // The list of applied schema files stands before any of them.
        owners["schema_versions"] = "Migrations";
        (string Service, string Table)[] writes = [.. Repository.FilesUnder("services", ".cs")
            .SelectMany(file => Write().Matches(Repository.Read(file)).Select(write => (file.Split('/')[1], write.Groups[1].Value)))];
        Assert.NotEmpty(writes);
        Assert.All(writes, write => Assert.Equal(owners[write.Table], write.Service));
    }

    [Fact]
    public void Domain_IsWrittenByMigrationsAlone()
    {
        Assert.All(
            Repository.FilesUnder("services", ".cs").Where(file => !file.StartsWith("services/Migrations/", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(@"(?i)\b(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\s+domain\.", Repository.Read(file)));
    }

    [Fact]
    public void EveryTable_HoldsAnOrganization()
    {
        string schema = string.Join('\n', Repository.FilesUnder("services/Migrations/Schema", ".sql").Select(Repository.Read));
        string[] tables = [.. Table().Matches(schema).Select(m => m.Value)];
        Assert.True(tables.Length > 10);
        Assert.All(tables, table => Assert.Matches(@"\borganization_id\s+text\s+(NOT NULL|PRIMARY KEY)", table));
    }

    [Fact]
    public void CodeRules_FailTheBuild()
    {
        XDocument shared = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Equal("true", (string?)shared.Descendants("TreatWarningsAsErrors").Single());
        Assert.Equal("true", (string?)shared.Descendants("EnforceCodeStyleInBuild").Single());
        Assert.All(Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)), project =>
        {
            Assert.DoesNotContain("TreatWarningsAsErrors", Repository.Read(project), StringComparison.Ordinal);
            Assert.DoesNotContain("EnforceCodeStyleInBuild", Repository.Read(project), StringComparison.Ordinal);
        });

        // A rule that only suggests is a rule that nobody keeps.
        string[] severities = [.. Severity().Matches(Repository.Read(".editorconfig")).Select(m => m.Groups[1].Value)];
        Assert.True(severities.Count(s => s is "warning" or "error") > 5);
        Assert.All(severities, severity => Assert.Contains(severity, (string[])["warning", "error", "none"]));
    }

    [GeneratedRegex(@"CREATE TABLE (?:IF NOT EXISTS )?app\.(\w+)")]
    private static partial Regex AppTable();

    [GeneratedRegex(@"COMMENT ON TABLE app\.(\w+) IS 'owner: (\w+)")]
    private static partial Regex Owner();

    [GeneratedRegex(@"(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\s+app\.(\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Write();

    [GeneratedRegex(@"CREATE TABLE[^;]+;")]
    private static partial Regex Table();

    [GeneratedRegex(@"(?:severity|file_scoped)\s*[=:]\s*(\w+)")]
    private static partial Regex Severity();
}
