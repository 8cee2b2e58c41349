using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Every service tells how it is, in the formats that operators' tools read.</summary>
public sealed partial class ObservabilityTests(RunningPlatform platform)
{
    public static TheoryData<string> Services() =>
        ["gateway", "entity-resolution", "memory", "pattern-analysis", "data-questions", "context-synthesis", "response-generation", "model-gateway"];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_HealthEndpoints_Answer(string service)
    {
        using HttpClient http = platform.App.CreateHttpClient(service, "http");

        foreach (string path in (string[])["/health/live", "/health/ready", "/health"])
        {
            using HttpResponseMessage response = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{service}{path}: {(int)response.StatusCode}");
        }

        using JsonDocument health = JsonDocument.Parse(await http.GetStringAsync("/health", TestContext.Current.CancellationToken));
        Assert.Equal("healthy", health.RootElement.GetProperty("status").GetString(), ignoreCase: true);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_Metrics_PassPromtool(string service)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "Metrics are checked with promtool: apt-get install prometheus.");
        await platform.AskAsync("What is the status of Delta Industries?");
        using HttpClient http = platform.App.CreateHttpClient(service, "http");

        string metrics = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("# TYPE", metrics, StringComparison.Ordinal);
        ProcessStartInfo start = new("/usr/bin/promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using Process promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        string complaints = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        // promtool also comments on names chosen by .NET and OpenTelemetry; only what it cannot parse is an error here.
        Assert.True(promtool.ExitCode is 0 or 3, $"{service}: {complaints}");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_OwnMetrics_HaveTheLabelsThatTheyDeclare(string service)
    {
        await platform.AskAsync("Should we extend payment terms to Delta Industries?");
        using HttpClient http = platform.App.CreateHttpClient(service, "http");
        string[] lines = (await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');
        Dictionary<string, string[]> declared = lines.Select(line => Help().Match(line)).Where(help => help.Success).ToDictionary(
            help => help.Groups["name"].Value,
            help => Labels().Match(help.Groups["text"].Value) is { Success: true } labels ? labels.Groups[1].Value.Replace('.', '_').Split(", ") : []);

        Assert.NotEmpty(declared);
        foreach (string line in lines.Where(line => line.StartsWith("platform_", StringComparison.Ordinal) || line.StartsWith("gen_ai_", StringComparison.Ordinal) || line.StartsWith("rpc_", StringComparison.Ordinal)))
        {
            string name = line[..line.IndexOf('{', StringComparison.Ordinal)];
            string family = declared.ContainsKey(name) ? name : name[..name.LastIndexOf('_')];
            IEnumerable<string> labels = Label().Matches(line).Select(label => label.Groups[1].Value).Where(label => label != "le" && !label.StartsWith("otel_scope_", StringComparison.Ordinal));
            Assert.True(declared.ContainsKey(family), $"{name} has no description.");
            Assert.All(labels, label => Assert.Contains(label, declared[family]));
        }
    }

    [Fact]
    public async Task Gateway_OpenApiDocument_DescribesChat()
    {
        using HttpClient http = platform.CreateClient();

        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        JsonElement chat = document.RootElement.GetProperty("paths").GetProperty("/api/chat").GetProperty("post");
        Assert.True(chat.GetProperty("responses").TryGetProperty("429", out _));
    }

    [GeneratedRegex(@"^# HELP (?<name>(?:platform|gen_ai|rpc)_\S+) (?<text>.*)$")]
    private static partial Regex Help();

    [GeneratedRegex(@" Labels: ([a-z_., ]+)\.$")]
    private static partial Regex Labels();

    [GeneratedRegex("[{,]([a-zA-Z_]+)=\"")]
    private static partial Regex Label();
}
