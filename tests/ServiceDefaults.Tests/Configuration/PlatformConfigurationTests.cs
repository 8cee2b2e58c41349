using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class PlatformConfigurationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    [InlineData("testing")]
    public void Load_ShippedFiles_AreValidInEveryEnvironment(string environment)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "config");
        var files = PlatformConfigurationFiles.Locate(folder, "/", environment);
        Assert.True(File.Exists(files.EnvironmentFile), $"{files.EnvironmentFile} is missing");

        var root = new ConfigurationBuilder().Add(new PlatformConfigurationSource(files, () => new Hashtable())).Build();

        Assert.NotEmpty(root.GetSection("resilience").GetChildren());
    }

    [Fact]
    public void Load_ShippedResilience_EqualsTheDefaultsOfTheCode()
    {
        var files = PlatformConfigurationFiles.Locate(Path.Combine(AppContext.BaseDirectory, "config"), "/", "none");
        var root = new ConfigurationBuilder().Add(new PlatformConfigurationSource(files, () => new Hashtable())).Build();

        var shown = root.GetSection(ResilienceOptions.Section).Get<ResilienceOptions>();

        Assert.Equal(JsonSerializer.Serialize(new ResilienceOptions()), JsonSerializer.Serialize(shown));
    }

    [Fact]
    public async Task Start_Layers_VariableBeatsEnvironmentFileBeatsBase()
    {
        using var folder = new ConfigurationFolder("memory: { text: base, size: 1, items: [a] }");
        folder.Write("memory: { size: 2 }", "platform.testing.yaml");
        var builder = RunningService.Builder(folder);
        builder.AddPlatformOptions<SampleOptions>("memory");

        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);

        var options = service.Services.GetRequiredService<IOptionsMonitor<SampleOptions>>().CurrentValue;
        Assert.Equal(("base", 2, "a"), (options.Text, options.Size, Assert.Single(options.Items)));
    }

    [Fact]
    public void Read_Variable_BeatsTheFiles()
    {
        using var folder = new ConfigurationFolder("telemetry: { traceSampling: 0.5 }");
        var files = PlatformConfigurationFiles.Locate(folder.BaseFile, "/", "testing");

        var root = new ConfigurationBuilder()
            .Add(new PlatformConfigurationSource(files, () => new Hashtable { ["PLATFORM__telemetry__traceSampling"] = "0.25" }))
            .Build();

        Assert.Equal("0.25", root["telemetry:traceSampling"]);
    }

    [Theory]
    [InlineData("memory: { size: 0 }", "memory:size = \"0\" is not allowed. Allowed: 1 to 10.")]
    [InlineData("memory: { size: lots }", "memory:size = \"lots\" is not allowed. Allowed: a whole number.")]
    [InlineData("memory: { sise: 3 }", "memory:sise is not a known key. Did you mean \"size\"?")]
    [InlineData("memory: { text: '' }", "memory:text is missing. Allowed: a value that is not empty.")]
    [InlineData("memory: { mode: sideways }", "memory:mode = \"sideways\" is not allowed. Allowed: Fast, Careful.")]
    [InlineData("memory: { wait: soon }", "memory:wait = \"soon\" is not allowed. Allowed: a duration")]
    [InlineData("memory: { inner: { ratio: 2 } }", "memory:inner:ratio = \"2\" is not allowed. Allowed: 0 to 1.")]
    [InlineData("memory: { parts: { a: { ratio: 2 } } }", "memory:parts:a:ratio = \"2\" is not allowed. Allowed: 0 to 1.")]
    [InlineData("memory: { size: 3, text: three }", "memory: text and size differ")]
    public async Task Start_InvalidOptions_StopsWithKeyValueAndAllowed(string yaml, string expected)
    {
        using var folder = new ConfigurationFolder(yaml);
        var builder = RunningService.Builder(folder);
        builder.AddPlatformOptions<SampleOptions>("memory");
        builder.Services.AddSingleton<IValidateOptions<SampleOptions>, SizeMatchesText>();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningService.StartAsync(builder, cancellationToken: Token));

        Assert.Contains(expected, StartupFailure.Describe(error), StringComparison.Ordinal);
    }

    [Fact]
    public void AddServiceDefaults_FileThatTheSchemaRefuses_StopsBeforeAnythingElse()
    {
        using var folder = new ConfigurationFolder("resilience: { breakDuration: 7 }\nnonsense: 1");

        var error = Assert.Throws<PlatformConfigurationException>(() => RunningService.Builder(folder).AddServiceDefaults());

        Assert.Contains("resilience:breakDuration = \"7\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense is not a known key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddServiceDefaults_MissingFile_NamesTheVariable()
    {
        using var folder = new ConfigurationFolder();
        File.Delete(folder.BaseFile);

        var error = Assert.Throws<PlatformConfigurationException>(() => RunningService.Builder(folder).AddServiceDefaults());

        Assert.Contains("PLATFORM_CONFIG", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Location, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_FolderInsideTheRepository_WalksUp()
    {
        using var folder = new ConfigurationFolder();
        var root = Directory.CreateDirectory(Path.Combine(folder.Location, "repo"));
        var service = Directory.CreateDirectory(Path.Combine(root.FullName, "services", "Memory"));
        Directory.CreateDirectory(Path.Combine(root.FullName, "config"));
        var file = Path.Combine(root.FullName, "config", "platform.yaml");
        File.WriteAllText(file, "");

        Assert.Equal(file, PlatformConfigurationFiles.Locate(null, service.FullName, "Production").BaseFile);
    }

    [Fact]
    public async Task Edit_GoodThenBrokenThenGood_KeepsLastGoodAndSaysSo()
    {
        using var folder = new ConfigurationFolder("memory: { size: 1 }");
        var builder = RunningService.Builder(folder);
        builder.AddPlatformOptions<SampleOptions>("memory");
        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);
        var monitor = service.Services.GetRequiredService<IOptionsMonitor<SampleOptions>>();
        Assert.Equal(1, monitor.CurrentValue.Size);

        folder.Write("memory: { size: 2 }");
        await Eventually.HoldsAsync(() => monitor.CurrentValue.Size == 2, "the edit is applied");

        folder.Write("memory: { size: [");
        await Eventually.HoldsAsync(async () => (await HealthAsync(service)).Configuration == "degraded", "health tells of the broken file");
        Assert.Equal(2, monitor.CurrentValue.Size);
        Assert.Contains(service.Logs.Lines, line => line.Level == LogLevel.Error && line.Message.Contains("last good values stay", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health/ready", Token)).StatusCode);

        folder.Write("memory: { size: 3 }");
        await Eventually.HoldsAsync(() => monitor.CurrentValue.Size == 3, "the corrected edit is applied");
        await Eventually.HoldsAsync(async () => (await HealthAsync(service)).Configuration == "healthy", "health recovers");
    }

    [Fact]
    public async Task Edit_ValueThatOptionsRefuse_KeepsLastGoodAndSaysSo()
    {
        using var folder = new ConfigurationFolder("memory: { size: 1 }");
        var builder = RunningService.Builder(folder);
        builder.AddPlatformOptions<SampleOptions>("memory");
        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);
        var monitor = service.Services.GetRequiredService<IOptionsMonitor<SampleOptions>>();

        folder.Write("memory: { size: 99 }");
        await Eventually.HoldsAsync(async () => (await HealthAsync(service)).Body.Contains("memory:size", StringComparison.Ordinal), "health names the key");

        Assert.Equal(1, monitor.CurrentValue.Size);
    }

    [Fact]
    public async Task Edit_FailingListener_DoesNotStopTheOthers()
    {
        using var folder = new ConfigurationFolder("memory: { size: 1 }");
        var builder = RunningService.Builder(folder);
        builder.AddPlatformOptions<SampleOptions>("memory");
        await using var service = await RunningService.StartAsync(builder, cancellationToken: Token);
        using var failing = ChangeToken.OnChange(
            service.Services.GetRequiredService<IConfiguration>().GetReloadToken, () => throw new InvalidOperationException("a listener of the tokens"));
        var monitor = service.Services.GetRequiredService<IOptionsMonitor<SampleOptions>>();
        var told = new List<int>();
        using var broken = monitor.OnChange(_ => throw new InvalidOperationException("a listener of the options"));
        using var good = monitor.OnChange(options => told.Add(options.Size));

        folder.Write("memory: { size: 2 }");
        await Eventually.HoldsAsync(() => told.Contains(2), "the good listener hears the first edit");
        folder.Write("memory: { size: 3 }");
        await Eventually.HoldsAsync(() => told.Contains(3), "the good listener hears the second edit");
    }

    [Fact]
    public async Task Edit_LogLevel_ChangesWhatIsLogged()
    {
        using var folder = new ConfigurationFolder("logging: { logLevel: { default: Warning } }");
        await using var service = await RunningService.StartAsync(RunningService.Builder(folder), cancellationToken: Token);
        var logger = service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Sample");
        Assert.False(logger.IsEnabled(LogLevel.Debug));

        folder.Write("logging: { logLevel: { default: Warning, Sample: Debug } }");

        await Eventually.HoldsAsync(() => logger.IsEnabled(LogLevel.Debug), "the level follows the file");
    }

    private static async Task<(string Configuration, string Body)> HealthAsync(RunningService service)
    {
        var body = await service.Http.GetStringAsync("/health", Token);
        return (JsonDocument.Parse(body).RootElement.GetProperty("components").GetProperty("configuration").GetProperty("status").GetString()!, body);
    }

    private enum SampleMode
    {
        Fast,
        Careful,
    }

    private sealed class SampleOptions
    {
        [Required]
        public string Text { get; set; } = "text";

        [Range(1, 10)]
        public int Size { get; set; } = 5;

        public SampleMode Mode { get; set; }

        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(1);

        public List<string> Items { get; set; } = [];

        public InnerOptions Inner { get; set; } = new();

        public Dictionary<string, InnerOptions> Parts { get; set; } = [];
    }

    private sealed class InnerOptions
    {
        [Range(0.0, 1.0)]
        public double Ratio { get; set; }
    }

    private sealed class SizeMatchesText : IValidateOptions<SampleOptions>
    {
        public ValidateOptionsResult Validate(string? name, SampleOptions options) =>
            options is { Size: 3, Text: "three" } ? ValidateOptionsResult.Fail("memory: text and size differ") : ValidateOptionsResult.Success;
    }
}
