using System.Xml.Linq;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>Nothing is left out of the build, and every stand-in says what it stands in for.</summary>
public sealed class SolutionTests
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
        Assert.Contains(package, versions.Descendants("PackageVersion").Select(v => (string?)v.Attribute("Include")));
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
}
