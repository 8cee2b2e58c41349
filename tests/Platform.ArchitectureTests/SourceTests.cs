using System.Text.RegularExpressions;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>House rules that no analyzer checks.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] ProductFolders = ["services", "ServiceDefaults", "AppHost", "polyfills"];

    private static IEnumerable<string> ProductSources() => ProductFolders
        .SelectMany(folder => Repository.FilesUnder(folder, ".cs"))
        .Where(f => !f.Contains("/tests/", StringComparison.Ordinal));

    [Fact]
    public void Sources_AskNoStaticClock()
    {
        // The analyzer bans these too; this holds even where somebody switches it off.
        Assert.All(ProductSources(), file => Assert.DoesNotMatch(StaticClock(), Code(file)));
    }

    [Fact]
    public void Sources_CatchNothingBlindly()
    {
        Assert.All(ProductSources(), file => Assert.DoesNotMatch(BareCatch(), Code(file)));
    }

    [Fact]
    public void Sources_NeverBlockOnRedis()
    {
        // StackExchange.Redis 1.2.6 starves when called synchronously.
        Assert.All(
            Repository.FilesUnder("services", ".cs"),
            file => Assert.DoesNotMatch(SynchronousRedis(), Code(file)));
    }

    [Fact]
    public void Folders_AreNamedAfterCapabilities()
    {
        string[] drawers = ["Helpers", "Utils", "Utilities", "Common", "Managers", "Misc", "Impl"];
        Assert.All(ProductSources(), file => Assert.DoesNotContain(file.Split('/'), part => drawers.Contains(part)));
    }

    [Fact]
    public void Programs_AreTheTableOfContents()
    {
        Assert.All(
            Repository.FilesUnder("services", "/Program.cs"),
            file => Assert.InRange(Repository.Read(file).Split('\n').Length, 1, 45));
    }

    private static string Code(string file) =>
        string.Join('\n', Repository.Read(file).Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bThread\.Sleep\(")]
    private static partial Regex StaticClock();

    [GeneratedRegex(@"\bcatch\s*(\(\s*(System\.)?Exception\s*\w*\s*\))?\s*\{\s*\}")]
    private static partial Regex BareCatch();

    [GeneratedRegex(@"\.(StringGet|StringSet|KeyDelete|ScriptEvaluate|HashGet|HashSet|Publish|Ping)\(")]
    private static partial Regex SynchronousRedis();
}
