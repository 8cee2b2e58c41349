using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>Documents name real files and stay short enough to be read.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Roots =
        ["AppHost/", "ServiceDefaults/", "Caching/", "services/", "polyfills/", "config/", "deploy/", "docs/", "tests/", ".ci/"];

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

    public static TheoryData<string> Decisions() => [.. Repository.FilesUnder("docs/decisions", ".md")];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decision_FollowsTheFormat(string record)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, record));
        Assert.InRange(lines.Length, 8, 40);
        Match number = NumberedRecord().Match(Path.GetFileName(record));
        Assert.True(number.Success, $"{record} is not named NNNN-what-it-is-about.md.");
        Assert.StartsWith($"# {int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)}. ", lines[0], StringComparison.Ordinal);
        string[] headings = [.. lines.Select(line => BoldStart().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value)];
        Assert.Equal(["Context", "Decision", "Alternatives", "Easier", "Harder"], headings);
    }

    [Fact]
    public void Decisions_AreNumberedWithoutGaps()
    {
        IEnumerable<int> numbers = Repository.FilesUnder("docs/decisions", ".md")
            .Select(f => int.Parse(Path.GetFileName(f)[..4], CultureInfo.InvariantCulture)).Order();
        Assert.Equal(Enumerable.Range(1, numbers.Count()), numbers);
    }

    [Fact]
    public void Repository_HoldsNoTestDataAndNoMachinePaths()
    {
        string[] text = [.. Repository.Files.Where(f => Path.GetExtension(f) is ".cs" or ".md" or ".yaml" or ".json" or ".sh" or ".csproj" or ".props")];
        Assert.All(text, file => Assert.DoesNotMatch(MachinePath(), Repository.Read(file)));
    }

    [GeneratedRegex(@"`([A-Za-z0-9_.\-/]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^(\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex NumberedRecord();

    [GeneratedRegex(@"^\*\*(\w+)\.\*\*")]
    private static partial Regex BoldStart();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("/work" + @"/(main|wt|shared|steering|\.library)\b")]
    private static partial Regex MachinePath();
}
