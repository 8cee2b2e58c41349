/// <summary>Models on this machine in place of configured ones, so that everything can be tried offline and for nothing.</summary>
internal static class SimulatedModels
{
    /// <summary>Stands alone on the command line: <c>dotnet run --project AppHost -- --with-simulator</c>.</summary>
    public const string Flag = "--with-simulator";

    private const string Provider = "PLATFORM__modelGateway__providers__0__";

    /// <summary>Adds the simulator and makes it the gateway's only provider.</summary>
    public static IResourceBuilder<ProjectResource> WithSimulatedModels(this IResourceBuilder<ProjectResource> modelGateway)
    {
        var simulator = modelGateway.ApplicationBuilder.AddProject<Projects.ProviderSimulator>("provider-simulator").WithHttpHealthCheck("/health");
        return modelGateway.WaitFor(simulator)
            .WithEnvironment(Provider + "name", "simulator")
            .WithEnvironment(Provider + "baseUrl", $"{simulator.GetEndpoint("http")}/v1")
            .WithEnvironment(Provider + "models__primary", "sim-large")
            .WithEnvironment(Provider + "models__fallback", "sim-small")
            .WithEnvironment(Provider + "models__embedding", "sim-embedding")
            .WithEnvironment(Provider + "models__moderation", "sim-moderation");
    }
}
