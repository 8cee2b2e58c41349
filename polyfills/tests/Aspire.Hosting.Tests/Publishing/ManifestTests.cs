using System.Diagnostics;
using System.Text.Json.Nodes;
using Platform.Testing;
using Xunit;

namespace Aspire.Hosting.Tests.Publishing;

/// <summary>The manifest of the sample host, as a deployment tool reads it.</summary>
public sealed class ManifestTests(TestFolder folder) : IClassFixture<TestFolder>
{
    private const string Schemas = "observability/aspire";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("aspire-8.0.schema.json")]
    [InlineData("aspire-8.0.schema.microsoft-aspire-2026-08.json")]
    public async Task Publish_SampleHost_IsValid(string schema)
    {
        var schemaFile = TestData.Find($"{Schemas}/{schema}");
        var (path, _) = await PublishAsync();

        var (exitCode, message) = await ValidateAsync(schemaFile, path);

        Assert.True(exitCode == 0, message);
    }

    [Fact]
    public async Task Publish_InvalidManifest_IsNoticedByTheValidator()
    {
        var schemaFile = TestData.Find($"{Schemas}/aspire-8.0.schema.json");
        var (path, manifest) = await PublishAsync();
        manifest["resources"]!["front"]!["bindings"]!["http"]!["transport"] = "carrier pigeon";
        await File.WriteAllTextAsync(path, manifest.ToJsonString(), Cancellation);

        Assert.Equal(1, (await ValidateAsync(schemaFile, path)).ExitCode);
    }

    [Fact]
    public async Task Publish_Servers_AreWrittenAsAspireWritesThem()
    {
        var official = JsonNode.Parse(await File.ReadAllTextAsync(TestData.Find($"{Schemas}/manifests/TestShop__TestShop.AppHost.json"), Cancellation))!["resources"]!;
        var resources = (await PublishAsync()).Manifest["resources"]!;

        foreach (var (mine, theirs) in (ReadOnlySpan<(string, string)>)[("postgres", "postgres"), ("postgres-password", "postgres-password"), ("redis", "basketcache"), ("redis-password", "basketcache-password")])
        {
            var expected = JsonNode.Parse(official[theirs]!.ToJsonString().Replace(theirs, mine, StringComparison.Ordinal))!.AsObject();
            var actual = JsonNode.Parse(resources[mine]!.ToJsonString())!.AsObject();

            // Volume names carry a hash of the host's folder; this Redis never speaks TLS, so it has no condition on it.
            expected.Remove("volumes");
            actual.Remove("volumes");
            if (mine == "redis")
            {
                expected["connectionString"] = "{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}";
            }

            Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected}\n{actual}");
        }
    }

    [Fact]
    public async Task Publish_Projects_ReferToEachOtherByExpression()
    {
        var (path, manifest) = await PublishAsync();
        var front = manifest["resources"]!["front"]!;
        var inner = manifest["resources"]!["inner-service"]!;

        Assert.Equal("project.v0", (string?)front["type"]);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, (string)front["path"]!)));
        Assert.Equal("{inner-service.bindings.grpc.url}", (string?)front["env"]!["services__inner-service__grpc__0"]);
        Assert.Equal("http://*:{front.bindings.http.targetPort}", (string?)front["env"]!["Kestrel__Endpoints__http__Url"]);
        Assert.Equal("http2", (string?)front["bindings"]!["grpc"]!["transport"]);
        Assert.True((bool?)front["bindings"]!["http"]!["external"]);
        Assert.Equal("{platform.connectionString}", (string?)inner["env"]!["ConnectionStrings__platform"]);
        Assert.Equal("{model-key.value}", (string?)inner["env"]!["MODEL_KEY"]);
        Assert.Equal("{postgres.connectionString};Database=platform", (string?)manifest["resources"]!["platform"]!["connectionString"]);
        Assert.True((bool?)manifest["resources"]!["model-key"]!["inputs"]!["value"]!["secret"]);
    }

    private async Task<(string Path, JsonNode Manifest)> PublishAsync()
    {
        var path = Path.Combine(folder.Path, $"{Guid.NewGuid():n}.json");
        await using var host = HostProcess.Start(folder.Path, null, "--publisher", "manifest", "--output-path", path);
        await host.ExitAsync(TimeSpan.FromSeconds(30));
        Assert.True(host.ExitCode == 0, string.Join('\n', host.Lines));
        return (path, JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!);
    }

    private static async Task<(int ExitCode, string Message)> ValidateAsync(string schema, string manifest)
    {
        const string script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                sys.exit(77)
            try:
                jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))
            except jsonschema.ValidationError as error:
                print(error.message)
                sys.exit(1)
            """;
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", script, schema, manifest]) { RedirectStandardOutput = true })!;
            var message = await python.StandardOutput.ReadToEndAsync(Cancellation);
            await python.WaitForExitAsync(Cancellation);
            Assert.SkipWhen(python.ExitCode == 77, "python3 has no module 'jsonschema' (package python3-jsonschema).");
            return (python.ExitCode, message);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            throw;
        }
    }
}
