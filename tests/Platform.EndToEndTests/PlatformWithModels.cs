using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Tests that share one such system.</summary>
[CollectionDefinition(PlatformWithModels.Collection)]
public sealed class PlatformWithModelsCollection : ICollectionFixture<PlatformWithModels>;

/// <summary>A system of its own with simulated models, as <c>dotnet run --project AppHost -- --with-simulator</c> starts it, and what it exports.</summary>
public sealed class PlatformWithModels : IAsyncLifetime
{
    internal const string Collection = "platform with models";

    /// <summary>May have one model call a month.</summary>
    internal const string Spender = "spender";

    /// <summary>Audit rows that may wait for the database.</summary>
    internal const int WaitingAuditRows = 100;

    /// <summary>Longest time that models may take for an answer that is not complex.</summary>
    internal static readonly TimeSpan ModelTime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    private OtlpCollector? collector;
    private RunningPlatform? platform;

    internal RunningPlatform Platform => platform ?? throw new InvalidOperationException("The platform is not running.");

    internal OtlpCollector Collector => collector ?? throw new InvalidOperationException("The platform is not running.");

    /// <summary>Where the services write log files and journals.</summary>
    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("platform-with-models-");

    internal HttpClient Simulator() => new() { BaseAddress = Platform.App.GetEndpoint("provider-simulator", "http") };

    /// <summary>Every model call is answered, at once and grounded.</summary>
    internal Task AnswerAsync() => ScriptAsync(new { otherwise = "grounded+latency-1+pace-0" });

    /// <summary>What the simulated models do from now on.</summary>
    internal async Task ScriptAsync(object script)
    {
        using HttpClient simulator = Simulator();
        using HttpResponseMessage response = await simulator.PostAsJsonAsync("/simulator/script", script, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The simulated models answer again, and every breaker has begun afresh: failures of an earlier test count no longer.</summary>
    internal async Task RecoverAsync()
    {
        await AnswerAsync();
        using HttpClient operations = Platform.CreateClient();
        JsonElement breakers = JsonElement.Parse(await operations.GetStringAsync("/api/operations/breakers", TestContext.Current.CancellationToken));
        foreach (JsonElement breaker in breakers.EnumerateArray())
        {
            using HttpResponseMessage closed = await operations.PutAsJsonAsync(
                $"/api/operations/breakers/{breaker.GetProperty("provider").GetString()}/{breaker.GetProperty("endpoint").GetString()}", new { state = "closed" }, TestContext.Current.CancellationToken);
            closed.EnsureSuccessStatusCode();
        }

        int answered = 0;
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                string method = (await Platform.AskAsync("What is the status of Delta Industries?", user: $"recovery-{answered}")).GetProperty("method").GetString()!;
                answered = method == "model" ? answered + 1 : 0;
                return answered == 3;
            },
            RecoveryLimit, "models answer again");
    }

    public async ValueTask InitializeAsync()
    {
        collector = await OtlpCollector.StartAsync(TestContext.Current.CancellationToken);
        Dictionary<string, string> settings = Settings();
        foreach ((string name, string value) in settings)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        platform = new RunningPlatform { Arguments = ["--with-simulator", $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={collector.Address}"] };
        await platform.InitializeAsync();
        foreach (string name in settings.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        await AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
        {
            await platform.DisposeAsync();
        }

        if (collector is not null)
        {
            await collector.DisposeAsync();
        }

        Folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Settings()
    {
        const string Budget = "PLATFORM__modelGateway__budgets__limits__0__";
        return new Dictionary<string, string>
        {
            // A provider that failed in one test is asked again soon in the next.
            ["PLATFORM__modelGateway__breaker__openFor"] = "00:00:01",
            ["PLATFORM__generation__simpleTimeout"] = ModelTime.ToString(),
            ["PLATFORM__generation__mediumTimeout"] = ModelTime.ToString(),
            ["PLATFORM__telemetry__logFile__folder"] = Folder.FullName,
            ["PLATFORM__modelGateway__ledger__folder"] = Path.Combine(Folder.FullName, "ledger"),
            // What nobody can record is set aside at once.
            ["PLATFORM__memory__stream__maxDeliveries"] = "1",
            ["PLATFORM__modelGateway__models__moderation__requestsPerMinute"] = "100000",
            ["PLATFORM__modelGateway__audit__verifyEvery"] = "00:00:01",
            ["PLATFORM__modelGateway__audit__waitingRows"] = WaitingAuditRows.ToString(CultureInfo.InvariantCulture),
            [Budget + "organization"] = Spender,
            [Budget + "unit"] = "requests",
            [Budget + "window"] = "month",
            [Budget + "limit"] = "1",
        };
    }
}
