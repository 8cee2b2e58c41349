using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>What may depend on what.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] SharedByServices = ["Contracts", "ServiceDefaults", "Caching"];

    public static TheoryData<string> ServiceProjects() =>
        [.. Repository.FilesUnder("services", ".csproj").Where(f => !f.EndsWith("/Contracts.csproj", StringComparison.Ordinal))];

    public static TheoryData<string> AllProjects() => [.. Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void Service_ReferencesProjects_OnlyContractsServiceDefaultsAndCaching(string project)
    {
        Assert.All(ProjectReferences(project), reference => Assert.Contains(Path.GetFileNameWithoutExtension(reference), SharedByServices));
    }

    [Fact]
    public void Contracts_ReferencesNoProject()
    {
        Assert.Empty(ProjectReferences("services/Contracts/Contracts.csproj"));
    }

    [Fact]
    public void ServiceDefaults_ReferencesNoProject()
    {
        Assert.Empty(ProjectReferences("ServiceDefaults/ServiceDefaults.csproj"));
    }

    /// <summary>The cache knows no message of any service and nothing of how services are set up.</summary>
    [Fact]
    public void Caching_ReferencesNoProject()
    {
        Assert.Empty(ProjectReferences("Caching/Caching.csproj"));
        Assert.Empty(Repository.FilesUnder("Caching", ".proto"));
        Assert.All(Repository.FilesUnder("Caching", ".cs"), file => Assert.DoesNotMatch(@"Platform\.(Contracts|ServiceDefaults)", Repository.Read(file)));
    }

    [Fact]
    public void ServiceDefaults_HoldsNoProtosAndNoGeneratedMessages()
    {
        Assert.Empty(Repository.FilesUnder("ServiceDefaults", ".proto"));
        Assert.All(Repository.FilesUnder("ServiceDefaults", ".cs"), file => Assert.DoesNotContain("Platform.Contracts", Repository.Read(file), StringComparison.Ordinal));
    }

    [Fact]
    public void ServiceDefaults_IsNoDrawer()
    {
        // The closed list of what every service shares; a tenth concern needs a decision, not a folder.
        string[] concerns = ["Configuration", "Data", "Discovery", "Errors", "Health", "Logging", "Requests", "Resilience", "Telemetry"];
        Assert.All(
            Repository.FilesUnder("ServiceDefaults", ".cs").Where(file => file != "ServiceDefaults/ServiceDefaultsExtensions.cs"),
            file => Assert.Contains(file.Split('/')[1], concerns));
    }

    [Fact]
    public void ServiceDefaults_ShowsNoMessages()
    {
        string[] values = ["RequestContext", "GrpcRetry", "ComponentHealth", "ServiceHealth", "OperationBudgetReport", "Percentiles"];
        string[] shown = [.. Repository.FilesUnder("ServiceDefaults", ".cs")
            .SelectMany(file => PublicRecord().Matches(Repository.Read(file)).Select(type => type.Groups["name"].Value))];
        Assert.Equal(values.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Project_NamesNoVersion_BecauseVersionsAreCentral(string project)
    {
        XDocument xml = XDocument.Load(Path.Combine(Repository.Root, project));
        Assert.All(xml.Descendants("PackageReference"), package => Assert.Null(package.Attribute("Version")));
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Project_ChoosesPackagesInOnePairAtMost(string project)
    {
        XDocument xml = XDocument.Load(Path.Combine(Repository.Root, project));
        int conditions = xml.Descendants().Count(e => ((string?)e.Attribute("Condition"))?.Contains("OfficialPackages", StringComparison.Ordinal) == true);
        Assert.InRange(conditions, 0, 2);
    }

    [Fact]
    public void ProductCode_CannotTellWhichPackagesItRunsOn()
    {
        string[] sources = [.. Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)
            && (f.StartsWith("services/", StringComparison.Ordinal) || f.StartsWith("ServiceDefaults/", StringComparison.Ordinal) || f.StartsWith("AppHost/", StringComparison.Ordinal)))];
        Assert.NotEmpty(sources);
        Assert.All(sources, file => Assert.DoesNotContain(Repository.Read(file).Split('\n'), line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal)));
    }

    [Fact]
    public void AppHost_ReadsAsTheDiagram()
    {
        Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "AppHost/Program.cs")).Length, 10, 60);
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(reference => ((string)reference.Attribute("Include")!).Replace('\\', '/'));

    [GeneratedRegex(@"^public\s+(?:(?:sealed|readonly|partial|record)\s+)*(?:record|struct)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicRecord();
}
