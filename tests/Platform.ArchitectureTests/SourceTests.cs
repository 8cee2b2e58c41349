using System.Text.RegularExpressions;
using Xunit;

namespace Platform.ArchitectureTests;

/// <summary>House rules that no analyzer checks.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] ProductFolders = ["services", "ServiceDefaults", "Caching", "AppHost", "polyfills"];

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
            Repository.FilesUnder("services", ".cs").Concat(Repository.FilesUnder("Caching", ".cs")),
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
            file => Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, file)).Length, 10, 25));
    }

    [Fact]
    public void Services_ShowNothingButTheGatewaysHttpMessages()
    {
        string[] shown = [.. Repository.FilesUnder("services", ".cs").SelectMany(file => PublicType().Matches(Code(file)).Select(type => $"{file}: {type.Groups["name"].Value}"))];
        Assert.NotEmpty(shown);
        Assert.All(shown, type =>
        {
            Assert.StartsWith("services/Gateway/", type, StringComparison.Ordinal);
            Assert.Matches("(View|Page|Request|Response|Query)$", type);
        });
    }

    [Fact]
    public void Types_AreSealed()
    {
        // Polyfills are left open where the package that they follow is.
        string[] open = [.. new[] { "services", "ServiceDefaults", "Caching", "AppHost", "tests" }.SelectMany(folder => Repository.FilesUnder(folder, ".cs"))
            .SelectMany(file => OpenType().Matches(Code(file)).Select(type => $"{file}: {type.Value.Trim()}"))];
        Assert.Empty(open);
    }

    [Fact]
    public void Names_SayWhatATypeDoes()
    {
        string[] vague = [.. new[] { "services", "ServiceDefaults", "Caching", "AppHost", "tests" }.SelectMany(folder => Repository.FilesUnder(folder, ".cs"))
            .SelectMany(file => VagueName().Matches(Code(file)).Select(type => $"{file}: {type.Value}"))];
        Assert.Empty(vague);
    }

    [Fact]
    public void Fields_CarryNoHungarianPrefix()
    {
        Assert.All(
            Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(@"\b[sm]_[a-z]\w*", Code(file)));
    }

    [Fact]
    public void Methods_ReturnTasksThatCanBeAwaited()
    {
        Assert.All(Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)), file => Assert.DoesNotMatch(AsyncVoid(), Code(file)));
    }

    [Fact]
    public void Services_WaitForNothingSynchronously()
    {
        Assert.All(
            Repository.FilesUnder("services", ".cs").Concat(Repository.FilesUnder("ServiceDefaults", ".cs")).Concat(Repository.FilesUnder("Caching", ".cs")),
            file => Assert.DoesNotMatch(SynchronousWait(), Code(file)));
    }

    [Fact]
    public void Sources_HoldNoRegionsAndNoPromises()
    {
        Assert.All(
            Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(RegionOrPromise(), Repository.Read(file)));
    }

    [Fact]
    public void Tests_WaitForConditionsAndNotForTime()
    {
        // An endless delay that a token ends is a fake that hangs; a loop around a delay is what Eventually is for. Two programs under
        // tests wait as a part of what they do: simulated users think, simulated models take their time.
        string[] programs = ["tests/Platform.LoadTests/", "tests/ProviderSimulator/"];
        string[] sleeping = [.. Repository.FilesUnder("tests", ".cs").Where(file => !programs.Any(program => file.StartsWith(program, StringComparison.Ordinal)))
            .Where(file => FiniteDelay().IsMatch(Code(file)))];
        Assert.Empty(sleeping);
    }

    private static string Code(string file) =>
        string.Join('\n', Repository.Read(file).Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bThread\.Sleep\(")]
    private static partial Regex StaticClock();

    [GeneratedRegex(@"^(?:public)\s+(?:(?:static|sealed|abstract|partial|readonly|record)\s+)*(?:class|struct|interface|enum|record)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^[ \t]*(?:(?:public|internal|private|file|partial)\s+)*(?:class|record(?!\s+struct))\s+\w+[\s<(:;]", RegexOptions.Multiline)]
    private static partial Regex OpenType();

    [GeneratedRegex(@"\b(?:class|record|struct|interface)\s+\w*(?:Manager|Helper|Helpers|Impl|Utils|Util|Utility)\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(|\.Wait\(\)|Task\.Wait(?:All|Any)\(")]
    private static partial Regex SynchronousWait();

    [GeneratedRegex(@"^\s*#region|//.*\b(?:TO" + "DO|FIX" + @"ME)\b", RegexOptions.Multiline)]
    private static partial Regex RegionOrPromise();

    [GeneratedRegex(@"\bTask\.Delay\((?!\s*Timeout\.)")]
    private static partial Regex FiniteDelay();

    [GeneratedRegex(@"\bcatch\s*(\(\s*(System\.)?Exception\s*\w*\s*\))?\s*\{\s*\}")]
    private static partial Regex BareCatch();

    [GeneratedRegex(@"\.(StringGet|StringSet|KeyDelete|ScriptEvaluate|HashGet|HashSet|Publish|Ping)\(")]
    private static partial Regex SynchronousRedis();
}
