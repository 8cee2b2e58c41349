using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Aspire.Hosting.Running;
using Npgsql;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

/// <summary>The host as a process: what a developer sees, and what is left when it ends.</summary>
public sealed class HostRunTests(TestFolder folder) : IClassFixture<TestFolder>
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> Talkative = new() { [ResourceOutput.LevelVariable] = "info" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AllUp_ShowsTableAndPassesEnvironment()
    {
        await using var host = HostProcess.Start(folder.Path);
        using var front = await host.FrontAsync();

        foreach (var (name, state) in (ReadOnlySpan<(string, string)>)[("postgres", "Healthy"), ("redis", "Healthy"), ("worker", "Finished"), ("inner-service", "Healthy"), ("front", "Healthy")])
        {
            Assert.Contains(host.Lines, line => line.StartsWith("  " + name, StringComparison.Ordinal) && line.Contains(state, StringComparison.Ordinal));
        }

        Assert.Equal("Development", await VariableAsync(front, "DOTNET_ENVIRONMENT"));
        Assert.Equal("Development", await VariableAsync(front, "ASPNETCORE_ENVIRONMENT"));
        Assert.Equal("front", await VariableAsync(front, "OTEL_SERVICE_NAME"));
        Assert.StartsWith("service.instance.id=", await VariableAsync(front, "OTEL_RESOURCE_ATTRIBUTES"), StringComparison.Ordinal);
        Assert.Equal(front.BaseAddress!.ToString(), await VariableAsync(front, "Kestrel__Endpoints__http__Url") + "/");
        Assert.EndsWith("SampleWeb", await front.GetStringAsync("/folder", Cancellation), StringComparison.Ordinal);

        using var inner = new HttpClient { BaseAddress = new Uri(await VariableAsync(front, "services__inner-service__http__0")) };
        Assert.StartsWith("http://localhost:", await VariableAsync(front, "services__inner-service__grpc__0"), StringComparison.Ordinal);
        Assert.Equal(inner.BaseAddress.ToString(), await VariableAsync(front, "INNER_SERVICE_HTTP") + "/");
        Assert.Matches(@"^Host=localhost;Port=\d+;Username=postgres;Password=\w{22};Database=platform$", await VariableAsync(inner, "ConnectionStrings__platform"));
        Assert.Matches(@"^localhost:\d+,password=\w{22}$", await VariableAsync(inner, "ConnectionStrings__redis"));
        Assert.Equal(string.Empty, await VariableAsync(front, "ConnectionStrings__redis"));
    }

    [Fact]
    public async Task Run_Dependencies_StartInOrder()
    {
        await using var host = HostProcess.Start(folder.Path, Talkative);
        using var front = await host.FrontAsync();

        var lines = host.Lines.ToList();
        var database = lines.FindIndex(l => l.Contains("ready to accept connections", StringComparison.Ordinal) && l.StartsWith("postgres", StringComparison.Ordinal));
        var worker = lines.FindIndex(l => l.StartsWith("worker", StringComparison.Ordinal));
        var inner = lines.FindIndex(l => l.StartsWith("inner-service", StringComparison.Ordinal));
        var outer = lines.FindIndex(l => l.StartsWith("front", StringComparison.Ordinal));
        Assert.True(database >= 0 && database < worker && worker < inner && inner < outer, string.Join('\n', lines));
    }

    [Fact]
    public async Task Run_Default_ServersAreQuietAndTheirLogsAreInTheNamedFolder()
    {
        await using var host = HostProcess.Start(folder.Path);
        using var front = await host.FrontAsync();

        Assert.DoesNotContain(host.Lines, l => l.StartsWith("postgres", StringComparison.Ordinal));
        var logs = Assert.Single(host.Lines, l => l.StartsWith("Complete logs: ", StringComparison.Ordinal))["Complete logs: ".Length..];
        Assert.Contains("ready to accept connections", await File.ReadAllTextAsync(Path.Combine(logs, "postgres.log"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Dashboard_ShowsResourcesAndTellsServicesWhereTelemetryGoes()
    {
        await using var host = HostProcess.Start(folder.Path, new Dictionary<string, string> { ["PLATFORM_DASHBOARD_PORT"] = "0" });
        using var front = await host.FrontAsync();
        var address = (await host.LineAsync(l => l.StartsWith("Dashboard: ", StringComparison.Ordinal)))["Dashboard: ".Length..];
        using var browser = new HttpClient();

        (await browser.GetAsync(address, Cancellation)).EnsureSuccessStatusCode();
        var resources = await browser.GetStringAsync(new Uri(new Uri(address), "/api/resources"), Cancellation);

        Assert.Contains("\"name\":\"inner-service\",\"type\":\"Project\",\"state\":\"Running\",\"health\":\"Healthy\"", resources, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", resources, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("http://localhost:", await VariableAsync(front, "OTEL_EXPORTER_OTLP_ENDPOINT"), StringComparison.Ordinal);
        Assert.StartsWith("x-otlp-api-key=", await VariableAsync(front, "OTEL_EXPORTER_OTLP_HEADERS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DashboardSwitchedOff_HasNoneAndSendsNoTelemetry()
    {
        await using var host = HostProcess.Start(folder.Path, new Dictionary<string, string> { ["PLATFORM_DASHBOARD_PORT"] = "off" });
        using var front = await host.FrontAsync();

        Assert.DoesNotContain(host.Lines, l => l.StartsWith("Dashboard: ", StringComparison.Ordinal));
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", await front.GetStringAsync("/environment", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostProcess.Interrupt)]
    [InlineData(HostProcess.Terminate)]
    public async Task Run_StopSignal_EndsEverythingInTime(int signal)
    {
        await using var host = HostProcess.Start(folder.Path, Talkative);
        using var front = await host.FrontAsync();
        await GrandchildAsync(host, front);
        Assert.True(host.Alive().Count >= 6, string.Join('\n', host.Alive()));

        host.Signal(signal);
        await host.ExitAsync(StopLimit);

        Assert.Equal(0, host.ExitCode);
        await host.NothingAliveAsync(TimeSpan.FromSeconds(5));
        Assert.Contains(host.Lines, l => l.Contains("database system is shut down", StringComparison.Ordinal));
        Assert.Contains(host.Lines, l => l.StartsWith("front", StringComparison.Ordinal) && l.Contains("shutting down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_HostKilled_LeavesNoProcess()
    {
        await using var host = HostProcess.Start(folder.Path);
        using var front = await host.FrontAsync();
        await GrandchildAsync(host, front);

        host.Signal(HostProcess.Kill);

        await host.NothingAliveAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_HostKilledWhileStarting_LeavesNoProcess()
    {
        await using var host = HostProcess.Start(folder.Path, Talkative);
        await host.LineAsync(l => l.StartsWith("redis", StringComparison.Ordinal));

        host.Signal(HostProcess.Kill);

        await host.NothingAliveAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_WatchdogKilled_IsReplacedAndStillWatches()
    {
        await using var host = HostProcess.Start(folder.Path);
        using var front = await host.FrontAsync();
        var watchdog = Assert.NotNull(WatchdogOf(host));

        HostProcess.SignalProcess(watchdog, HostProcess.Kill);
        await Eventually.TrueAsync(
            () => Task.FromResult(WatchdogOf(host) is { } now && now != watchdog),
            TimeSpan.FromSeconds(5), () => "No new watchdog came.");
        host.Signal(HostProcess.Kill);

        await host.NothingAliveAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_ServiceKilled_StartsAgainOnTheSameAddress()
    {
        await using var host = HostProcess.Start(folder.Path);
        using var front = await host.FrontAsync();
        var before = await front.GetFromJsonAsync<int>("/id", Cancellation);

        HostProcess.SignalProcess(before, HostProcess.Kill);

        await Eventually.TrueAsync(
            async () => await IdAsync(front) is { } now && now != before,
            TimeSpan.FromSeconds(20), () => string.Join('\n', host.Lines));
        Assert.Contains(host.Lines, l => l.StartsWith("front", StringComparison.Ordinal) && l.Contains("ended with exit code 137; starting again in 0.2 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SecondTime_KeepsTheData()
    {
        await using (var first = HostProcess.Start(folder.Path))
        {
            using var front = await first.FrontAsync();
            await ExecuteAsync(await DatabaseAsync(front), "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 42 AS answer");
            first.Signal(HostProcess.Terminate);
            await first.ExitAsync(StopLimit);
        }

        await using var second = HostProcess.Start(folder.Path);
        using var again = await second.FrontAsync();

        Assert.Equal(42, await ScalarAsync(await DatabaseAsync(again), "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Run_TwoCopies_WorkSideBySideOnTheirOwnData()
    {
        await using var first = HostProcess.Start(folder.Path);
        await using var second = HostProcess.Start(folder.Path);
        using var firstFront = await first.FrontAsync();
        using var secondFront = await second.FrontAsync();

        await ExecuteAsync(await DatabaseAsync(firstFront), "DROP TABLE IF EXISTS only_first; CREATE TABLE only_first (id int)");

        Assert.NotEqual(firstFront.BaseAddress, secondFront.BaseAddress);
        Assert.Equal(0L, await ScalarAsync(await DatabaseAsync(secondFront), "SELECT count(*) FROM pg_tables WHERE tablename = 'only_first'"));
    }

    [Fact]
    public async Task Run_WantedPortFree_IsUsed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var host = HostProcess.Start(folder.Path, new Dictionary<string, string> { ["SAMPLE_PORT"] = port.ToString(CultureInfo.InvariantCulture) });
        using var front = await host.FrontAsync();

        Assert.Equal(port, front.BaseAddress!.Port);
    }

    [Fact]
    public async Task Run_WantedPortTaken_SaysSoAndUsesAnother()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var host = HostProcess.Start(folder.Path, new Dictionary<string, string> { ["SAMPLE_PORT"] = port.ToString(CultureInfo.InvariantCulture) });
        using var front = await host.FrontAsync();

        Assert.NotEqual(port, front.BaseAddress!.Port);
        Assert.Contains(host.Lines, l => l.StartsWith($"Port {port} of 'front' (http) is taken; using ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WorkerFails_WaitingServicesSayWhy()
    {
        await using var host = HostProcess.Start(folder.Path, new Dictionary<string, string> { ["SAMPLE_WORKER_EXIT"] = "3" });
        await host.LineAsync(l => l.StartsWith("Started in", StringComparison.Ordinal));

        Assert.Contains(host.Lines, l => l.Contains("It ended with exit code 3. Last output:", StringComparison.Ordinal));
        Assert.Contains(host.Lines, l => l.Contains("Resource 'worker' ended as 'Exited' with exit code 3 instead of 0.", StringComparison.Ordinal));
        Assert.Contains(host.Lines, l => l.StartsWith("  front", StringComparison.Ordinal) && l.Contains("FailedToStart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CollectorNamed_ServicesAreToldWhereItIs()
    {
        await using var host = HostProcess.Start(
            folder.Path, new Dictionary<string, string> { ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317", ["AppHost__OtlpApiKey"] = "k" });
        using var front = await host.FrontAsync();

        Assert.Equal("http://localhost:4317", await VariableAsync(front, "OTEL_EXPORTER_OTLP_ENDPOINT"));
        Assert.Equal("grpc", await VariableAsync(front, "OTEL_EXPORTER_OTLP_PROTOCOL"));
        Assert.Equal("x-otlp-api-key=k", await VariableAsync(front, "OTEL_EXPORTER_OTLP_HEADERS"));
    }

    [Fact]
    public async Task Run_UnknownPublisher_EndsWithItsName()
    {
        await using var host = HostProcess.Start(folder.Path, null, "--publisher", "blueprint");
        await host.ExitAsync(TimeSpan.FromSeconds(20));

        Assert.NotEqual(0, host.ExitCode);
        Assert.Contains(host.Lines, l => l.Contains("Publisher 'blueprint' is unknown; this host has 'manifest'.", StringComparison.Ordinal));
    }

    private static int? WatchdogOf(HostProcess host) =>
        host.Alive().FirstOrDefault(p => p.Contains("aspire-watchdog", StringComparison.Ordinal)) is { } found
            ? int.Parse(found.Split(' ')[0], CultureInfo.InvariantCulture)
            : null;

    /// <summary>Lets the front start a process of its own. For a moment after its start a process has neither command nor environment to be known by.</summary>
    private static async Task GrandchildAsync(HostProcess host, HttpClient front)
    {
        var grandchild = await front.GetStringAsync("/child", Cancellation);
        await Eventually.TrueAsync(
            () => Task.FromResult(host.Alive().Any(p => p.StartsWith($"{grandchild} sleep", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(5), () => "The grandchild did not start.");
    }

    private static Task<string> VariableAsync(HttpClient client, string name) => client.GetStringAsync($"/environment/{name}", Cancellation);

    private static async Task<string> DatabaseAsync(HttpClient front)
    {
        using var inner = new HttpClient { BaseAddress = new Uri(await VariableAsync(front, "services__inner-service__http__0")) };
        return await VariableAsync(inner, "ConnectionStrings__platform") + ";Pooling=false";
    }

    private static async Task<int?> IdAsync(HttpClient client)
    {
        try
        {
            return await client.GetFromJsonAsync<int>("/id", Cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
