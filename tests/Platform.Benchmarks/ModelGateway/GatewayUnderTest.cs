using System.Globalization;
using Npgsql;
using Platform.Testing;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>The simulator and the model gateway as processes, over a database of their own, everything on that is on by default.</summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    internal const string Model = "sim-large+tokens-120";
    internal const string PacedModel = "sim-large+tokens-50+pace-20";

    /// <summary>Paced alike, but short: for first tokens.</summary>
    internal const string BriefModel = "sim-large+tokens-5+pace-20";

    /// <summary>A stream that comes at once: for warming up.</summary>
    internal const string QuickModel = "sim-large+tokens-5";

    private static readonly (string Name, string Provided)[] Models = [("primary", Model), ("paced", PacedModel), ("brief", BriefModel), ("quick", QuickModel)];

    private readonly PlatformServers _servers;
    private readonly string _ledger;

    private GatewayUnderTest(PlatformServers servers, string ledger, Subject simulator, Subject gateway) =>
        (_servers, _ledger, Simulator, Gateway) = (servers, ledger, simulator, gateway);

    internal Subject Simulator { get; }

    internal Subject Gateway { get; }

    internal static async Task<GatewayUnderTest> StartAsync(CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        var connectionString = await servers.CreateDatabaseAsync("model_gateway_benchmark", cancellationToken);
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await PlatformSchema.CreateAsync(database, cancellationToken);
        }

        var simulatorPort = ChildProcess.FreePort();
        var simulator = await ChildProcess.StartAsync(
            "dotnet", [Path.Combine(BuildOutput.Of("tests/ProviderSimulator"), "Platform.ProviderSimulator.dll"), "--Simulator:FirstToken=0", "--Simulator:Pace=0", "--Simulator:KeptRequests=0", "--Logging:LogLevel:Default=Warning"],
            simulatorPort, Folder("tests/ProviderSimulator"), new Dictionary<string, string> { ["Kestrel__Endpoints__http__Url"] = Url(simulatorPort) }, cancellationToken);
        var ledger = Directory.CreateTempSubdirectory("platform-benchmark-ledger-").FullName;
        var (grpc, http) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__grpc__Url"] = Url(grpc),
            ["Kestrel__Endpoints__http__Url"] = Url(http),
            ["ConnectionStrings__platform"] = connectionString,
            ["ConnectionStrings__redis"] = servers.RedisConnectionString,
            ["PLATFORM__modelGateway__ledger__folder"] = ledger,
        };
        foreach (var (name, _) in Models)
        {
            environment[$"PLATFORM__modelGateway__models__{name}__requestsPerMinute"] = "1000000";
        }

        foreach (var (index, name) in (IEnumerable<(int, string)>)[(0, "first"), (1, "second")])
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"PLATFORM__modelGateway__providers__{index}__");
            environment[prefix + "name"] = name;
            environment[prefix + "priority"] = string.Create(CultureInfo.InvariantCulture, $"{index + 1}");
            environment[prefix + "baseUrl"] = $"{Url(simulatorPort)}/v1";
            foreach (var (model, provided) in Models)
            {
                environment[prefix + "models__" + model] = provided;
            }
        }

        var gateway = await ChildProcess.StartAsync(
            "dotnet", [Path.Combine(BuildOutput.Of("services/ModelGateway"), "Platform.ModelGateway.dll")], http, Folder("services/ModelGateway"), environment, cancellationToken);
        return new GatewayUnderTest(servers, ledger, new Subject("direct", simulator), new Subject("gateway", gateway));
    }

    internal static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    public async ValueTask DisposeAsync()
    {
        Gateway.Dispose();
        Simulator.Dispose();
        await _servers.DisposeAsync();
        Directory.Delete(_ledger, recursive: true);
    }

    private static string Folder(string project) => Path.Combine(TestData.RepositoryRoot, project);
}
