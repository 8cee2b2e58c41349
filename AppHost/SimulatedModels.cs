using System.Net.Http.Json;

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
        simulator.WithCommand(
            "fail", "Fail", context => ScriptAsync(simulator, "status-500", context.CancellationToken),
            new CommandOptions { Description = "See how answers go on without a model", ConfirmationMessage = "Every model call fails from now on, until Answer is chosen." });
        simulator.WithCommand(
            "answer", "Answer", context => ScriptAsync(simulator, "grounded", context.CancellationToken), new CommandOptions { Description = "Model calls are answered again" });
        return modelGateway.WaitFor(simulator)
            .WithEnvironment(Provider + "name", "simulator")
            .WithEnvironment(Provider + "baseUrl", $"{simulator.GetEndpoint("http")}/v1")
            .WithEnvironment(Provider + "models__primary", "sim-large")
            .WithEnvironment(Provider + "models__fallback", "sim-small")
            .WithEnvironment(Provider + "models__embedding", "sim-embedding")
            .WithEnvironment(Provider + "models__moderation", "sim-moderation");
    }

    private static async Task<ExecuteCommandResult> ScriptAsync(IResourceBuilder<ProjectResource> simulator, string behaviour, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var response = await http.PostAsJsonAsync($"{simulator.GetEndpoint("http").Url}/simulator/script", new { otherwise = behaviour }, cancellationToken);
        return response.IsSuccessStatusCode ? CommandResults.Success() : CommandResults.Failure($"The simulator answered {(int)response.StatusCode}.");
    }
}
