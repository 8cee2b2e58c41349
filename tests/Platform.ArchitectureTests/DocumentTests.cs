using System.Text.RegularExpressions;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>Documents name real files and stay short enough to be read.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Roots =
        ["AppHost/", "ServiceDefaults/", "services/", "polyfills/", "config/", "deploy/", "docs/", "tests/", ".ci/"];

    public static TheoryData<string> Documents() => [.. Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_NamesExistingFiles(string document)
    {
        foreach (Match match in CodeSpan().Matches(Repository.Read(document)))
        {
            string named = match.Groups[1].Value.TrimEnd('/');
            if (!Roots.Any(r => (named + "/").StartsWith(r, StringComparison.Ordinal)) || named.AsSpan().IndexOfAny("*<>{} …") >= 0)
            {
                continue;
            }

            Assert.True(Path.Exists(Path.Combine(Repository.Root, named)), $"{document} names {named}, which does not exist.");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_LinksToExistingFiles(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        foreach (Match match in Link().Matches(Repository.Read(document)))
        {
            string target = match.Groups[1].Value.Split('#')[0];
            if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.True(Path.Exists(Path.Combine(folder, target)), $"{document} links to {target}, which does not exist.");
        }
    }

    [Fact]
    public void Readme_IsShortAndStartsWithTheTwoCommands()
    {
        string readme = Repository.Read("README.md");
        Assert.InRange(readme.Split('\n').Length, 20, 121);
        Assert.InRange(readme.IndexOf("dotnet run --project AppHost", StringComparison.Ordinal), 0, 1500);
        Assert.InRange(readme.IndexOf("dotnet test", StringComparison.Ordinal), 0, 1500);
    }

    [Fact]
    public void Repository_HoldsNoTestDataAndNoMachinePaths()
    {
        string[] text = [.. Repository.Files.Where(f => Path.GetExtension(f) is ".cs" or ".md" or ".yaml" or ".json" or ".sh" or ".csproj" or ".props")];
        Assert.All(text, file => Assert.DoesNotMatch(MachinePath(), Repository.Read(file)));
    }

    [GeneratedRegex(@"`([A-Za-z0-9_.\-/]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("/work" + @"/(main|wt|shared|steering|\.library)\b")]
    private static partial Regex MachinePath();
}
