using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>
/// The switch to the official packages, as far as it can be followed without restoring them: every project is evaluated with
/// <c>OfficialPackages=true</c>.
/// </summary>
public sealed class OfficialPackagesTests
{
    public static TheoryData<string> ProductProjects() =>
        [.. Repository.FilesUnder("services", ".csproj"), "ServiceDefaults/ServiceDefaults.csproj"];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public async Task Project_WithOfficialPackages_ReferencesNoPolyfillAndOnlyListedVersions(string project)
    {
        (string[] packages, string[] projects) = await EvaluateAsync(project, official: true);
        string[] listed = Listed(official: true);

        Assert.DoesNotContain(projects, reference => reference.Replace('\\', '/').Contains("polyfills/", StringComparison.Ordinal));
        Assert.All(packages, package => Assert.Contains(package, listed));
    }

    [Fact]
    public async Task ServiceDefaults_ByDefault_ReferencesPolyfillsInsteadOfTheirPackages()
    {
        (string[] packages, string[] projects) = await EvaluateAsync("ServiceDefaults/ServiceDefaults.csproj", official: false);
        string[] polyfills = [.. projects.Where(p => p.Contains("polyfills/", StringComparison.Ordinal)).Select(p => Path.GetFileNameWithoutExtension(p))];

        Assert.Contains("Microsoft.Extensions.ServiceDiscovery", polyfills);
        Assert.Empty(polyfills.Intersect(packages));
    }

    [Fact]
    public void AppHostSdk_HasTheVersionOfTheAspireFamily()
    {
        string version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("AspireVersion").Single().Value;
        foreach (string file in (string[])["Directory.Build.props", "Directory.Build.targets"])
        {
            XElement import = XDocument.Load(Path.Combine(Repository.Root, file)).Descendants("Import").Single(i => (string?)i.Attribute("Sdk") == "Aspire.AppHost.Sdk");
            Assert.Equal(version, (string?)import.Attribute("Version"));
        }
    }

    private static string[] Listed(bool official) =>
        [.. XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants()
            .Where(e => e.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Where(e => ((string?)e.Attribute("Condition"))?.Contains(official ? "!=" : "==", StringComparison.Ordinal) != true)
            .Select(e => (string)e.Attribute("Include")!)];

    private static async Task<(string[] Packages, string[] Projects)> EvaluateAsync(string project, bool official)
    {
        ProcessStartInfo start = new("dotnet", ["msbuild", project, $"-p:OfficialPackages={(official ? "true" : "false")}", "-getItem:PackageReference,ProjectReference"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process msbuild = Process.Start(start)!;
        string output = await msbuild.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await msbuild.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(msbuild.ExitCode == 0, $"{project}: {output}");
        JsonElement items = JsonElement.Parse(output).GetProperty("Items");
        return (Names("PackageReference"), Names("ProjectReference"));

        string[] Names(string kind) => [.. items.GetProperty(kind).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
    }
}
